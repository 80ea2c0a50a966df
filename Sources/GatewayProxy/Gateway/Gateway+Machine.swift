import GatewayConfiguration
import Logging

// What the gateway takes of the machine: how many workers, and how much memory.
extension Gateway {
    static func memoryLimits(
        _ limits: LimitsConfiguration, automatic: MemoryAllowance.Budget
    ) -> (limits: MemoryBudget.Limits, from: String) {
        var budget = automatic
        if case .bytes(let bytes) = limits.memory { budget = (bytes, "$.limits.memory") }
        let stages = limits.memoryStages
        return (
            MemoryBudget.Limits(
                bytes: budget.bytes, percents: (stages.holding, stages.refusing, stages.shedding)), budget.from
        )
    }

    static func memoryBudget(
        _ limits: LimitsConfiguration, automatic: MemoryAllowance.Budget, logger: Logger
    ) -> MemoryBudget {
        let (budget, from) = self.memoryLimits(limits, automatic: automatic)
        logger.info("memory budget", metadata: ["bytes": .stringConvertible(budget.bytes), "from": "\(from)"])
        return MemoryBudget(budget)
    }

    /// Decides how many workers there are, and says why; warns when what callers may use does not fit into the memory.
    static func workerCount(
        _ configuration: Configuration, groups: ControlGroup, logger: Logger
    ) -> Int {
        let cpus = CPUAllowance(online: CPUAllowance.online(), groups: groups)
        var count = cpus.count
        if case .count(let configured) = configuration.workers { count = configured }
        logger.info(
            "workers",
            metadata: [
                "count": .stringConvertible(count),
                "from": "\(configuration.workers == .automatic ? cpus.reason : "$.workers")",
            ])
        let needed = MemoryAllowance.needed(
            workers: count, connections: configuration.limits.connections)
        if let memory = MemoryAllowance(groups: groups), memory.bytes < needed {
            logger.warning(
                "limits.connections allows more than the memory limit holds",
                metadata: [
                    "allowedBytes": .stringConvertible(memory.bytes), "from": "\(memory.file)",
                    "neededBytes": .stringConvertible(needed),
                ])
        }
        return count
    }
}
