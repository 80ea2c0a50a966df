import Logging

extension TargetHealth.Change {
    /// One line where a target is left alone, and one where it is asked as ever again.
    func log(target: String, to logger: Logger) {
        switch self {
        case .none: break
        case .opened(let reason):
            logger.warning(
                "vendor left alone",
                metadata: [
                    "target": "\(target)",
                    "reason": reason == .inARow ? "too many failures in a row" : "more failures than answers",
                ])
        case .closed:
            logger.info("vendor asked again", metadata: ["target": "\(target)"])
        }
    }
}
