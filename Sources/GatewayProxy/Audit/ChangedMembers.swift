import GatewayJSON

/// The pointers to the values of an update that are no objects with members: what it changes.
struct ChangedMembers {
    let pointersMax: Int
    private(set) var pointers: [String] = []
    /// How many there are beyond those.
    private(set) var further = 0

    init(pointersMax: Int) {
        self.pointersMax = pointersMax
    }

    mutating func walk(_ view: JSONView) {
        self.walk(view, 0, "")
    }

    /// As deep as a body may be: the parser has bounded it.
    private mutating func walk(_ view: JSONView, _ object: Int, _ prefix: String) {
        var index = object + 1
        let end = view.next(after: object)
        while index < end {
            let value = index + 1
            if self.pointers.count >= self.pointersMax {
                self.further += 1
            } else {
                let pointer = prefix + "/" + JSONPointer.escape(view.string(view[index]))
                if view[value].kind == .object, view.next(after: value) > value + 1 {
                    self.walk(view, value, pointer)
                } else {
                    self.pointers.append(pointer)
                }
            }
            index = view.next(after: value)
        }
    }
}
