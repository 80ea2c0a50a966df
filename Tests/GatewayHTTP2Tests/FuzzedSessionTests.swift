import Foundation
import Testing

/// Replays the fuzzer's seeds, what it has found, and what a seeded generator makes of both.
@Suite("Sessions that a fuzzer has made")
struct FuzzedSessionTests {
    private static func inputs(in folder: String) -> [URL] {
        let folder = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fuzzing/\(folder)")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path < $1.path }
    }

    private static let seeds = inputs(in: "Seeds/HTTP2")

    @Test("all keep what must hold for any input", arguments: seeds + inputs(in: "HTTP2FailCases"))
    func holds(input: URL) throws {
        var exerciser = SessionExerciser()
        exerciser.run(Array(try Data(contentsOf: input)))
        #expect(exerciser.mistakes == [])
    }

    @Test("so do their mutations", arguments: [1, 2] as [UInt64])
    func mutations(seed: UInt64) throws {
        #expect(!Self.seeds.isEmpty)
        var random = SeededGenerator(seed: seed)
        let seeds = try Self.seeds.map { Array(try Data(contentsOf: $0)) }
        for _ in 0..<400 {
            var input = seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) where !input.isEmpty {
                let position = Int.random(in: 0..<input.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: input[position] = UInt8.random(in: 0...255, using: &random)
                case 1: input.remove(at: position)
                case 2: input.insert(UInt8.random(in: 0...255, using: &random), at: position)
                default: input += input[position...].prefix(40)
                }
            }
            var exerciser = SessionExerciser()
            exerciser.run(input)
            #expect(exerciser.mistakes == [], "\(input)")
        }
    }
}
