import GatewayTranslation

extension Problem {
    /// Whether a vendor's answer to several lines together leaves open what it thinks of each: the reason may be one
    /// line of them, or that they came together. Not where it says what is so for each: that it takes nothing now, or
    /// not with these credentials.
    var saysNothingOfLines: Bool {
        guard self.vendor != nil else { return false }
        switch self.code {
        case .rateLimited, .vendorUnavailable, .vendorTimeout, .vendorCredentialsRejected: return false
        default: return true
        }
    }

    /// What it says of sending lines together.
    var endOfBatch: BatchPace.End {
        if self.saysNothingOfLines { return .refused }
        return self.outcome == .unknown ? .unanswered : .nothing
    }

    /// The same problem, told of one of the lines that it is about.
    func ofBatch(of lines: Int) -> Problem {
        var problem = self
        let others = lines == 2 ? "another line" : "\(lines - 1) other lines"
        if problem.detail.last?.isPunctuation != true { problem.detail += "." }
        problem.detail += " It is said of this line and \(others), which went in one request."
        return problem
    }
}
