/// Turns the vendor's pointers into one table for each object on the way, and a list of forms for each list.
struct AnswerTree {
    private var paths: [[String]] = [[]]
    private(set) var names: [[(name: String, value: Int)]] = [[]]
    private(set) var lists: [Int: [AnswerElement]] = [:]
    /// For each node in which a pointer has a list's index: the index, and what is there, as in `names`.
    private(set) var indexes: [Int: [(position: Int, place: Int)]] = [:]

    /// For each node that is a list of which an element is told from others: what that one has.
    private(set) var likes: [Int: ValuePlan] = [:]

    mutating func add(_ rule: Dialect.ListRule, _ options: ResolvedOptions) {
        guard let like = rule.like, let node = self.paths.firstIndex(of: rule.list.map { options.token($0) }) else {
            return
        }
        self.likes[node] = ValuePlan(telling: like, options)
    }

    mutating func add(_ field: Dialect.Field, _ options: ResolvedOptions) {
        guard field.answerRoot == nil, field.localized.isEmpty else { return }
        let path = (field.answerPlace ?? field.vendor).map { options.token($0) }
        guard let name = path.last else { return }
        if let form = field.entry ?? (field.isInList ? field.entries : nil) {
            let node = self.node(path)
            self.lists[node, default: []].append(
                AnswerElement(field: field.canonical, form: ValuePlan(form, options), isMap: field.entry == nil))
            return
        }
        self.append(name, field.canonical, to: self.node(Array(path.dropLast())))
    }

    private mutating func node(_ path: [String]) -> Int {
        if let known = self.paths.firstIndex(of: path) { return known }
        let parent = self.node(Array(path.dropLast()))
        self.paths.append(path)
        self.names.append([])
        let node = self.paths.count - 1
        self.append(path[path.count - 1], AnswerPlan.firstNode + node, to: parent)
        return node
    }

    /// A token of digits is a member's name, or an index where a list is found (RFC 6901 §4).
    private mutating func append(_ name: String, _ place: Int, to node: Int) {
        self.names[node].append((name, place))
        let isIndex = name.utf8.allSatisfy { (0x30...0x39).contains($0) } && (name == "0" || name.first != "0")
        if isIndex, let position = Int(name) { self.indexes[node, default: []].append((position, place)) }
    }
}
