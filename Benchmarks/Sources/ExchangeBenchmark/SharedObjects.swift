import CBenchmarkCounts

/// The objects that workers share, by class: what they contend for when each counts its references.
enum SharedObjects {
    /// Prints how many retains and releases of an exchange are of objects that several workers use.
    static func print(exchanges: Int) {
        var found = [shared_object](repeating: shared_object(), count: 4096)
        // Used by each of its workers in one of a hundred exchanges at least.
        let least = UInt(max(1, exchanges / 100))
        let count = Int(shared_count_objects(&found, UInt32(found.count), least))
        var byClass: [String: (objects: Int, count: Int)] = [:]
        for shared in found.prefix(count) {
            guard let type = shared.type else { continue }
            // Metadata begin with their kind, which is 0 for a class; closures and boxes have no name.
            let isClass = type.load(as: Int.self) == 0
            let name = isClass ? _typeName(unsafeBitCast(type, to: Any.Type.self), qualified: false) : "closures, boxes"
            byClass[name, default: (0, 0)].objects += 1
            byClass[name, default: (0, 0)].count += Int(shared.count)
        }
        let total = byClass.values.reduce(0) { $0 + $1.count }
        Swift.print("shared \(Double(total) / Double(exchanges)) retains and releases for an exchange")
        for (name, shared) in byClass.sorted(by: { $0.value.count > $1.value.count }) {
            Swift.print("  \(Double(shared.count) / Double(exchanges))  \(shared.objects)  \(name)")
        }
    }
}
