import Glibc

/// The files that take lines which have not been done: each can be pushed as it is, or after it has been corrected.
///
/// `FILE` has those that were refused, `FILE.unprocessed` those that were not tried, or whose outcome is unknown and
/// which do no harm twice, `FILE.unknown` creates that may have been done: pushing those again may create twice.
/// `FILE.problems` has the gateway's result for each of them. The last three are made with their first line.
///
/// A push that goes on adds to `FILE` and `FILE.problems`, and begins the other two anew, because it tries each line in
/// them again: what an earlier push has left there would be done twice.
package final class FailedLines {
    private let path: String
    private let refused: LineFile
    private var others: [String: LineFile] = [:]
    private(set) var failure: String?

    private static let unprocessed = ".unprocessed"
    private static let unknown = ".unknown"
    private static let problems = ".problems"

    /// All files that may be written.
    package static func paths(of path: String) -> [String] {
        [path] + [Self.unprocessed, Self.unknown, Self.problems].map { path + $0 }
    }

    /// - Parameter keeps: whether an earlier push goes on.
    init(path: String, keeps: Bool) throws(PushReadingError) {
        self.path = path
        self.refused = try LineFile(path: path, keeps: keeps)
        for suffix in [Self.unprocessed, Self.unknown] + (keeps ? [] : [Self.problems]) {
            guard unlink(path + suffix) != 0, errno != ENOENT else { continue }
            throw PushReadingError("\(path + suffix): \(String(cString: strerror(errno)))")
        }
    }

    func append(_ line: [UInt8], _ fate: LineFate, isCreate: Bool) {
        switch fate {
        case .done: break
        case .refused: self.refused.append(line)
        case .unprocessed: self.append(line, to: Self.unprocessed)
        case .unknown: self.append(line, to: isCreate ? Self.unknown : Self.unprocessed)
        }
    }

    func append(problem: [UInt8]) { self.append(problem, to: Self.problems) }

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
                self.others[suffix] = try LineFile(path: self.path + suffix, keeps: true)
            } catch {
                if self.failure == nil { self.failure = error.description }
            }
        }
        self.others[suffix]?.append(line)
    }
}
