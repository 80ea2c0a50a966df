import GatewayTranslation
import Synchronization

@testable import GatewayProxy

/// What the workers of all tests share, because making it is most of the work of making one: plans and published
/// documents.
enum FixtureDocuments {
    /// All that `PublishedDocuments` reads of a target and of the limits.
    private struct Key: Hashable {
        let targets: [String]
        let plans: [ObjectIdentifier]
        let answersInVendorWords: [Bool]
        let defaultName: String?
        let targetsMax: Int
        let requestBodyBytesMax: Int
    }

    private static let published = Mutex<[Key: PublishedDocuments]>([:])
    private static let plans = Mutex<[String: TargetPlan]>([:])

    static func published(for targets: TargetDirectory, limits: GatewayLimits) -> PublishedDocuments {
        let key = Key(
            targets: targets.all.map(\.name), plans: targets.all.map { ObjectIdentifier($0.plan) },
            answersInVendorWords: targets.all.map(\.answersInVendorWords), defaultName: targets.defaultName,
            targetsMax: limits.targetsMax, requestBodyBytesMax: limits.requestBodyBytesMax)
        return self.published.withLock { published in
            if let known = published[key] { return known }
            // It holds its targets, so that no later plan can have the address of one in a key.
            let made = PublishedDocuments(targets: targets, limits: limits)
            published[key] = made
            return made
        }
    }

    /// The built-in dialect `catalogue`, for a target of this name.
    static func cataloguePlan(for target: String) throws -> TargetPlan {
        try self.plans.withLock { plans in
            if let known = plans[target] { return known }
            let made = try TargetPlan(targetName: target, dialect: Dialect(named: "catalogue"))
            plans[target] = made
            return made
        }
    }
}
