/// Turns the vendor's pointers into one table for each object on the way, and a list of forms for each list.
struct AnswerTree {
    private var paths: [[String]] = [[]]
    private(set) var names: [[(name: String, value: Int)]] = [[]]
    private(set) var lists: [Int: [AnswerElement]] = [:]

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
        let node = self.node(Array(path.dropLast()))
        self.names[node].append((name, field.canonical))
    }

    private mutating func node(_ path: [String]) -> Int {
        if let known = self.paths.firstIndex(of: path) { return known }
        let parent = self.node(Array(path.dropLast()))
        self.paths.append(path)
        self.names.append([])
        self.names[parent].append((path[path.count - 1], AnswerPlan.firstNode + self.paths.count - 1))
        return self.paths.count - 1
    }
}
