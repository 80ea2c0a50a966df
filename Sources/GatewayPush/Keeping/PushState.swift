import GatewayJSON
import Glibc

/// How far a file has been pushed: what `--resume` goes on from. Kept in a file beside it.
///
/// A line is settled when it is done or refused; others are pushed again.
package struct PushState: Equatable, Sendable {
    /// What tells that the file is still the same.
    package struct Fingerprint: Equatable, Sendable {
        package let bytes: Int
        package let modifiedNanoseconds: Int

        package init(bytes: Int, modifiedNanoseconds: Int) {
            self.bytes = bytes
            self.modifiedNanoseconds = modifiedNanoseconds
        }

        /// Nil where it is no file.
        package init?(descriptor: Int32) {
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            self.bytes = Int(status.st_size)
            self.modifiedNanoseconds = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
        }
    }

    package var file: Fingerprint
    /// The gateway's URL with the path and query of the stream.
    package var destination: String
    /// Of its streams, with the number of each behind it: the gateway knows by it which lines are done.
    package var key: String
    /// How many streams there are: each has lines of its own.
    package var streams: Int
    /// Whether a line has been sent. Kept before the first one is.
    package var hasBegun = false
    package var settled = LineRanges()
    package var done = 0
    package var refused = 0

    package init(file: Fingerprint, destination: String, key: String, streams: Int) {
        self.file = file
        self.destination = destination
        self.key = key
        self.streams = streams
    }

    private static let version = 2
    private static let streamsMax = 16
    private static let fileBytesMax = 64 << 20

    /// As it is kept.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("version", Self.version)
        writer.member("bytes", self.file.bytes)
        writer.member("modifiedNanoseconds", self.file.modifiedNanoseconds)
        writer.member("destination", self.destination)
        writer.member("key", self.key)
        writer.member("streams", self.streams)
        writer.member("begun", self.hasBegun)
        writer.member("done", self.done)
        writer.member("refused", self.refused)
        writer.name("settled")
        writer.beginArray()
        for range in self.settled.ranges {
            writer.beginArray()
            writer.integer(range.lowerBound)
            writer.integer(range.upperBound)
            writer.endArray()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes + [0x0A]
    }

    /// Nil where it is none of ours.
    package init?(json: [UInt8]) {
        let tape = JSONTape()
        let state: PushState? = json.withUnsafeBufferPointer { bytes in
            guard let view = try? tape.parse(bytes, limits: JSONLimits(bytesMax: Self.fileBytesMax, depthMax: 8)),
                view.number("version") == Self.version, let size = view.number("bytes"),
                let modified = view.number("modifiedNanoseconds"), let done = view.number("done"),
                let refused = view.number("refused"),
                let destination = view.member("destination", of: 0), view[destination].kind == .string,
                let key = view.member("key", of: 0), view[key].kind == .string,
                let begun = view.member("begun", of: 0), let streams = view.number("streams"),
                (1...Self.streamsMax).contains(streams),
                let list = view.member("settled", of: 0), view[list].kind == .array
            else { return nil }
            var state = PushState(
                file: Fingerprint(bytes: size, modifiedNanoseconds: modified),
                destination: view.string(view[destination]), key: view.string(view[key]), streams: streams)
            state.hasBegun = view[begun].kind == .true
            state.done = done
            state.refused = refused
            var ranges: [ClosedRange<Int>] = []
            var item = list + 1
            while item < view.next(after: list) {
                guard view[item].kind == .array, view.childCount(of: item) == 2, let lower = view.integer(item + 1),
                    let upper = view.integer(item + 2), lower >= 1, lower <= upper, upper <= LineRanges.lineMax
                else { return nil }
                ranges.append(lower...upper)
                item = view.next(after: item)
            }
            state.settled = LineRanges(ranges)
            return state
        }
        guard let state else { return nil }
        self = state
    }

    /// Reads what is kept at `path`; nil where there is nothing.
    package static func read(at path: String) throws(PushReadingError) -> PushState? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw PushReadingError("\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < Self.fileBytesMax {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { break }
            if count > 0 { bytes.append(contentsOf: chunk[..<count]) } else if errno != EINTR { break }
        }
        guard let state = PushState(json: bytes) else {
            throw PushReadingError("\(path) is no state of a push, or of another version")
        }
        return state
    }

    /// Puts it in the place of what was kept before, whole or not at all, and on the disk.
    ///
    /// - Returns: why that was not possible.
    package func keep(at path: String) -> String? {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        let isWritten = LineFile.write(self.json, to: descriptor) && fsync(descriptor) == 0
        let error = errno
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            return String(cString: strerror(isWritten ? errno : error))
        }
        return nil
    }
}

extension JSONView {
    fileprivate func number(_ name: StaticString) -> Int? { self.member(name, of: 0).flatMap { self.integer($0) } }

    fileprivate func integer(_ index: Int) -> Int? {
        guard index < self.count, self[index].kind == .number else { return nil }
        return Int(String(decoding: self.raw(self[index]), as: UTF8.self))
    }
}
