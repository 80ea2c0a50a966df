import CDialects
import Synchronization

/// The vendors that are played from their documented examples, each behind a lock of its own.
///
/// They share no path with the others: everything of `stripe` is beneath `/stand-in/stripe`.
package final class RecordedVendors: Sendable {
    private let standIns: [String: RecordedPlace]

    /// The first step of all their paths.
    package static let prefix = "stand-in"

    /// Their names, which are those of their dialects.
    package static let names: [String] = RecordedVendors.documents.map(\.name)

    private static let documents: [(name: String, bytes: [UInt8])] = (0..<compiled_sandbox_count()).map {
        let document = compiled_sandbox_at($0)
        return (
            String(cString: document.name), Array(UnsafeBufferPointer(start: document.bytes, count: document.count))
        )
    }

    /// What a target says of a vendor's set-up, as its example has it: by the names that the dialect's parameters have.
    package static func parameters(of name: String) -> [String: String] {
        guard let bytes = Self.documents.first(where: { $0.name == name })?.bytes,
            let members = (try? SandboxJSON(reading: bytes))?.object?["parameters"]?.object?.members
        else { return [:] }
        return Dictionary(members.map { ($0.name, $0.value.string ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    init() {
        var standIns: [String: RecordedPlace] = [:]
        for (name, bytes) in Self.documents {
            guard let json = try? SandboxJSON(reading: bytes), let vendor = RecordedVendor(name: name, json) else {
                continue
            }
            standIns[name] = RecordedPlace(RecordedStandIn(vendor))
        }
        self.standIns = standIns
    }

    /// Nil where the path is none of theirs.
    func answer(_ call: VendorCall) -> VendorAnswer? {
        let segments = call.target.segments
        guard segments.count > 2, segments[0] == Self.prefix, let standIn = self.standIns[segments[1]] else {
            return nil
        }
        return standIn.mutex.withLock { $0.answer(call, Array(segments.dropFirst(2))) }
    }
}

/// A stand-in behind its lock, in a class because a collection holds no values that cannot be copied.
private final class RecordedPlace: Sendable {
    let mutex: Mutex<RecordedStandIn>

    init(_ standIn: RecordedStandIn) { self.mutex = Mutex(standIn) }
}
