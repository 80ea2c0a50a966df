/// The files that take lines which have not been done: each can be pushed as it is, or after it has been corrected.
///
/// `FILE` has those that were refused, `FILE.unprocessed` those that were not tried, or whose outcome is unknown and
/// which do no harm twice, `FILE.unknown` creates that may have been done: pushing those again may create twice.
/// `FILE.problems` has the gateway's result for each of them. The last three are made with their first line.
final class FailedLines {
    private let path: String
    private let keeps: Bool
    private let refused: LineFile
    private var others: [String: LineFile] = [:]
    private(set) var failure: String?

    init(path: String, keeps: Bool) throws(PushReadingError) {
        self.path = path
        self.keeps = keeps
        self.refused = try LineFile(path: path, keeps: keeps)
    }

    func append(_ line: [UInt8], _ fate: LineFate, isCreate: Bool) {
        switch fate {
        case .done: break
        case .refused: self.refused.append(line)
        case .unprocessed: self.append(line, to: ".unprocessed")
        case .unknown: self.append(line, to: isCreate ? ".unknown" : ".unprocessed")
        }
    }

    func append(problem: [UInt8]) { self.append(problem, to: ".problems") }

    func write() {
        self.refused.write()
        for file in self.others.values { file.write() }
        if self.failure == nil {
            self.failure = self.refused.failure ?? self.others.values.lazy.compactMap(\.failure).first
        }
    }

    private func append(_ line: [UInt8], to suffix: String) {
        if self.others[suffix] == nil {
            do throws(PushReadingError) {
                self.others[suffix] = try LineFile(path: self.path + suffix, keeps: self.keeps)
            } catch {
                if self.failure == nil { self.failure = error.description }
            }
        }
        self.others[suffix]?.append(line)
    }
}
