/// What libFuzzer runs: one input through everything that reads proofs. A trap or a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var exerciser = IdentityExerciser()
    exerciser.run(Array(UnsafeBufferPointer(start: start, count: count)))
    precondition(exerciser.mistakes.isEmpty, exerciser.mistakes.joined(separator: "; "))
    return 0
}

/// libFuzzer's own driver, from the sanitizer's library.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager gives an executable's entry point this name, and so hides libFuzzer's.
@_cdecl("FuzzIdentity_main")
public func fuzzMain(
    _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    var count = argumentCount
    var list = arguments
    return runDriver(&count, &list, fuzzOneInput)
}
