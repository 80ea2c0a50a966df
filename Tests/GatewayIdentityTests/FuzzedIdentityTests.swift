import Foundation
import Testing

@Suite("What fuzzing has found of identity")
struct FuzzedIdentityTests {
    @Test("inputs that a fuzzer has found, and those that it begins with, break nothing")
    func found() throws {
        let fuzzing = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fuzzing")
        var count = 0
        for folder in ["IdentityFailCases", "Seeds/Identity"] {
            let files = try FileManager.default.contentsOfDirectory(
                at: fuzzing.appending(path: folder), includingPropertiesForKeys: nil)
            for file in files where file.lastPathComponent != "README.md" {
                var exerciser = IdentityExerciser()
                exerciser.run([UInt8](try Data(contentsOf: file)))
                #expect(exerciser.mistakes == [], "\(file.lastPathComponent)")
                count += 1
            }
        }
        #expect(count > 4)
    }
}
