/// What the workbench translates with: the targets of the configuration in force. Immutable; any thread.
struct WorkbenchTargets: Sendable {
    struct Limits: Sendable {
        var requestBodyBytesMax: Int
        var answerBytesMax: Int
        var jsonDepthMax: Int
    }

    let all: [Target]
    let defaultName: String?
    let limits: Limits

    init(_ directory: TargetDirectory, limits: GatewayLimits) {
        self.all = directory.all
        self.defaultName = directory.defaultName
        self.limits = Limits(
            requestBodyBytesMax: limits.requestBodyBytesMax, answerBytesMax: limits.answerBytesMax,
            jsonDepthMax: limits.jsonDepthMax)
    }

    subscript(name: String) -> Target? { self.all.first { $0.name == name } }
}
