import GatewayDocuments
import GatewayJSON

/// Finds the canonical place of what a vendor calls a field: the inverse of the mapping table.
///
/// For error messages only. Exact names first; then without regard to case, `_` and `-`, because vendors
/// are not consistent in their own messages (`ShortDescription`, `client_id` and `clientId`).
struct FieldPlaces: Sendable {
    private struct Token: BitwiseCopyable {
        let exact: PooledBytes
        /// As `Suggestion.folded` gives it.
        let folded: PooledBytes
        /// `*` in a base: whatever the vendor writes there, such as a key.
        var isAny = false
    }

    /// Some of the tokens: a place's path, or a base.
    private struct Path: BitwiseCopyable {
        let start: Int
        let count: Int
    }

    private struct Place: Sendable {
        /// Into the caller's document.
        let pointer: String
        /// What is known of the names inside.
        let shape: Shape
        let entryNames: [(canonical: String, vendor: String)]
        /// How the vendor writes each element, where it keeps a list or a map in a form of its own.
        var elements: ValuePlan?
        /// Whether the vendor has the only item of a list without the list.
        var isSingle = false
        /// Of a place that holds one text in all languages: the canonical member.
        var localizedMember: String?
        /// Whether it is one text among several that the vendor names together: what is said of them is said of it, and
        /// what is said of another one is not.
        var isNamedWhole = false

        /// Whether there is anything in it that a longer name could be about.
        var hasMore: Bool { !self.isNamedWhole && !self.shape.types.isDisjoint(with: [.object, .array]) }
    }

    private let places: [Place]
    /// One for each place.
    private let paths: FrozenBuffer<Path>
    /// The dialect's own, and behind them those that are common.
    private let bases: FrozenBuffer<Path>
    private let ownBaseCount: Int
    private let tokens: FrozenBuffer<Token>
    private let pool: FrozenBuffer<UInt8>

    init(dialect: Dialect, options: ResolvedOptions) {
        var rows: [(tokens: [String], place: Place)] = []
        for field in dialect.fields where !field.operations.isEmpty || field.isAnswered {
            let canonical = CanonicalProduct.fields[field.canonical]
            let place = Place(
                pointer: canonical.pointer,
                shape: field.overlay.map { canonical.shape.tightened(by: $0) } ?? canonical.shape,
                entryNames: field.entryNames, elements: field.entries.map { ValuePlan($0, options) },
                isSingle: field.form == .single)
            let isAlone = !dialect.fields.contains { $0.canonical != field.canonical && $0.vendor == field.vendor }
            for tokens in Self.written(field, options, isAlone: isAlone) { rows.append((tokens, place)) }
            for localized in field.localized {
                var place = place
                place.localizedMember = localized.member
                rows.append((localized.container.map { options.token($0) }, place))
            }
            for alias in field.aliases { rows.append(([alias], place)) }
        }
        // Where no translations are kept there.
        for (tokens, pointer) in Self.namedWhole(dialect, options) where !rows.contains(where: { $0.tokens == tokens })
        {
            guard var place = rows.first(where: { $0.place.pointer == pointer })?.place else { continue }
            place.isNamedWhole = true
            rows.append((tokens, place))
        }
        // The longest path wins: /metadata/source before /metadata.
        rows.sort { $0.tokens.count > $1.tokens.count }
        let own = dialect.errors.fieldBases.sorted { $0.count > $1.count }
        // What any name fits is tried last, or it would hide the name itself.
        let bases = own.filter { !$0.contains("*") } + [[]] + own.filter { $0.contains("*") }
        let commonBases = ErrorRules.commonBases.filter { base in !bases.contains(base) }
        var pool = BytePoolBuilder()
        var tokens: [Token] = []
        func path(_ names: [String], isBase: Bool = false) -> Path {
            let start = tokens.count
            for name in names {
                tokens.append(
                    Token(
                        exact: pool.add(name.utf8), folded: pool.add(Suggestion.folded(name)),
                        isAny: isBase && name == "*"))
            }
            return Path(start: start, count: names.count)
        }
        self.paths = FrozenBuffer(rows.map { path($0.tokens) })
        self.bases = FrozenBuffer((bases + commonBases).map { path($0, isBase: true) })
        self.ownBaseCount = bases.count
        self.places = rows.map(\.place)
        self.tokens = FrozenBuffer(tokens)
        self.pool = FrozenBuffer(pool.bytes)
    }

    /// What a vendor may call a field: its place; of an element of a list, the texts that tell it from others.
    private static func written(
        _ field: Dialect.Field, _ options: ResolvedOptions, isAlone: Bool
    ) -> [[String]] {
        var written: [[String]] = []
        for place in [field.vendor, field.answerPlace ?? []] where !place.isEmpty {
            let tokens = place.map { options.token($0) }
            if !written.contains(tokens) { written.append(tokens) }
            // Not every vendor says which element it means.
            let steps = tokens.enumerated().filter { $0.offset == 0 || $0.element != Dialect.elementStep }
            if steps.count < tokens.count { written.append(steps.map(\.element)) }
        }
        if let root = field.answerRoot { written.append(root) }
        guard let entry = field.entry else { return written }
        let texts = entry.constantTexts + entry.parameters.map { options.parameter($0) }
        let vendor = field.vendor.map { options.token($0) }
        // A list that others are in, too, says nothing of the field.
        return texts.map { vendor + [$0] } + texts.map { [$0] }
            + (isAlone ? [vendor] + (vendor.count > 1 ? [Array(vendor.suffix(1))] : []) : [])
    }

    /// The texts that the vendor keeps in all languages, of which the product's own is one: not every vendor says which
    /// it means.
    private static func namedWhole(
        _ dialect: Dialect, _ options: ResolvedOptions
    ) -> [(tokens: [String], pointer: String)] {
        dialect.fields.compactMap { field in
            guard field.vendor.count > 1, let last = field.vendor.last, Dialect.parameter(ofToken: last) != nil else {
                return nil
            }
            return (
                field.vendor.dropLast().map { options.token($0) }, CanonicalProduct.fields[field.canonical].pointer
            )
        }
    }

    /// The canonical name of a top-level vendor field, for "did you mean".
    func canonicalName(ofVendorField name: String) -> String? {
        var name = name
        let position = name.withUTF8 { name in
            (0..<self.places.count).first { place in
                let path = self.paths[place]
                return path.count == 1 && JSONView.areEqual(name, self.pool.view(self.tokens[path.start].exact))
            }
        }
        return position.map { String(self.places[$0].pointer.dropFirst()) }
    }

    func pointer(forVendorField written: String) -> String? {
        var written = written
        return written.withUTF8 { self.pointer(forVendorField: $0) }
    }

    /// The pointer into the caller's document, or nil where the name means nothing here.
    ///
    /// Reads what `VendorPath` does, and `ShortDescription`, `ExternalIds.Operations`.
    func pointer(forVendorField written: UnsafeBufferPointer<UInt8>) -> String? {
        // Longer than any path in a product; nothing that long is worth searching for.
        guard written.count <= 512, let base = written.baseAddress else { return nil }
        let whole = VendorPath(base: base, end: base + written.count)
        let own = 0..<self.ownBaseCount
        let common = self.ownBaseCount..<self.bases.count
        return self.pointer(whole, behind: own, isExact: true) ?? self.pointer(whole, behind: own, isExact: false)
            ?? self.pointer(whole, behind: common, isExact: true)
            ?? self.pointer(whole, behind: common, isExact: false)
    }

    private func pointer(_ whole: VendorPath, behind bases: Range<Int>, isExact: Bool) -> String? {
        for position in bases {
            guard let rest = self.rest(of: whole, behind: self.bases[position], isExact: isExact) else { continue }
            // Read once for all places, of which nearly all have one token.
            var following = rest
            guard let first = following.next() else { continue }
            for place in 0..<self.paths.count {
                let path = self.paths[place]
                guard path.count > 0, self.isToken(path.start, first, isExact: isExact),
                    let behind = self.rest(
                        of: following, behind: Path(start: path.start + 1, count: path.count - 1), isExact: isExact),
                    self.places[place].hasMore || behind.isAtEnd
                else { continue }
                return Self.pointer(self.places[place], rest: behind)
            }
        }
        return nil
    }

    /// What is left where a written path begins with one of ours; nil where it does not.
    @inline(__always)
    private func rest(of written: VendorPath, behind path: Path, isExact: Bool) -> VendorPath? {
        var rest = written
        for position in 0..<path.count {
            guard let token = rest.next(), self.isToken(path.start + position, token, isExact: isExact) else {
                return nil
            }
        }
        return rest
    }

    @inline(__always)
    private func isToken(_ index: Int, _ written: UnsafeBufferPointer<UInt8>, isExact: Bool) -> Bool {
        let token = self.tokens[index]
        if token.isAny { return true }
        if isExact { return JSONView.areEqual(written, self.pool.view(token.exact)) }
        return Suggestion.isFolded(written, self.pool.view(token.folded))
    }

    /// Names inside are the caller's, where the vendor writes one of them in its own way.
    private static func pointer(_ place: Place, rest: VendorPath) -> String {
        var rest = rest
        if let member = place.localizedMember {
            guard let locale = rest.next() else { return "/" + member }
            let name = rest.text(of: locale)
            return "\(place.pointer)/\(JSONPointer.escape(name))/\(member)"
        }
        if let elements = place.elements { return self.pointer(place, elements, rest: rest) }
        var pointer = place.pointer
        var shape: Shape? = place.shape
        var depth = 0
        while let token = rest.next() {
            var name = rest.text(of: token)
            if depth == 1, let entry = Self.known(name, among: place.entryNames, by: { $0.vendor }) {
                name = entry.canonical
            }
            if let member = Self.known(name, among: shape?.members ?? [], by: { $0.name }) {
                name = member.name
                shape = member.shape
            } else {
                shape = shape?.values ?? shape?.items
            }
            pointer += "/" + JSONPointer.escape(name)
            depth += 1
        }
        return pointer
    }

    /// Where an element of a list is, in the caller's document: by its index and the canonical name of the member. The
    /// index in a list that is a map here says nothing to a caller; then it is the map.
    private static func pointer(_ place: Place, _ elements: ValuePlan, rest: VendorPath) -> String {
        var rest = rest
        var pointer = place.pointer + "/0"
        if !place.isSingle {
            guard let index = rest.next(), !place.shape.isMap, index.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return place.pointer
            }
            pointer = "\(place.pointer)/\(rest.text(of: index))"
        }
        var form = elements
        while let token = rest.next(), case .object(let members) = form,
            let member = self.known(rest.text(of: token), among: members, by: { $0.name })
        {
            form = member.value
        }
        if case .member(let tokens, _) = form { pointer += tokens.map { "/" + JSONPointer.escape($0) }.joined() }
        return pointer
    }

    /// The one of that name; or else the first that differs from it only in case, `_` and `-`.
    private static func known<Known>(_ name: String, among all: [Known], by own: (Known) -> String) -> Known? {
        guard !all.isEmpty else { return nil }
        if let exact = all.first(where: { own($0) == name }) { return exact }
        let folded = Suggestion.folded(name)
        return all.first { Suggestion.folded(own($0)) == folded }
    }
}
