import GatewayJSON

/// Which of the vendor's members are not to be written back, as a tree along their pointers. Immutable.
final class Omissions: Sendable {
    /// Of a name: that all below it is left out. Otherwise the node of the object below it.
    static let leftOut = 0
    /// The node of the object of the fields.
    static let root = 0

    private let nodes: [NameTable]

    init(_ pointers: [[String]]) {
        var nodes: [[(name: String, value: Int)]] = [[]]
        for pointer in pointers {
            var node = Self.root
            for (depth, token) in pointer.enumerated() {
                let isLast = depth == pointer.count - 1
                if let known = nodes[node].firstIndex(where: { $0.name == token }) {
                    if isLast { nodes[node][known].value = Self.leftOut }
                    // What is left out has nothing below it.
                    guard nodes[node][known].value != Self.leftOut else { break }
                    node = nodes[node][known].value
                } else {
                    nodes[node].append((token, isLast ? Self.leftOut : nodes.count))
                    if isLast { break }
                    node = nodes.count
                    nodes.append([])
                }
            }
        }
        self.nodes = nodes.map { NameTable($0) }
    }

    /// `leftOut` for a name that is; the node below it, where there is something to leave out; else nil.
    func node(below node: Int?, _ name: Int, in view: JSONView) -> Int? {
        guard let node else { return nil }
        let value = self.nodes[node].view.value(of: name, in: view)
        return value < 0 ? nil : value
    }
}
