import CBenchmarkCounts

/// A thread of the benchmark's own caller or vendor.
enum BenchmarkThread {
    /// Has nothing counted that the calling thread does.
    static func leaveOut() {
        allocation_count_leave_out_this_thread()
        shared_count_leave_out_this_thread()
    }
}
