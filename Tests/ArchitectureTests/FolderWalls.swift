/// The folders of one module, and which of them may know which.
///
/// What a folder knows is what its files mention: types that are declared at the top level of a file in another folder.
/// An extension mentions the type that it extends. Members are not looked at.
struct FolderWalls: Sendable {
    struct Folder: Sendable {
        /// The path below the module's folder: `Plan`, `Downstream/HTTP1`; empty for the module's folder itself. A file
        /// belongs to the longest that it lies in.
        let path: String
        /// The folders that it may mention, besides itself.
        let mayMention: Set<String>

        init(_ path: String, mayMention: Set<String> = []) {
            self.path = path
            self.mayMention = mayMention
        }
    }

    let module: String
    /// From the lowest: a folder mentions only those before it, so that there are no circles.
    let folders: [Folder]

    /// What is wrong with the table itself.
    var mistakes: [String] {
        var known: Set<String> = []
        var mistakes: [String] = []
        for folder in self.folders {
            for other in folder.mayMention.subtracting(known).sorted() {
                mistakes.append("\(self.module): \(folder.path) may mention \(other), which does not stand before it")
            }
            if !known.insert(folder.path).inserted { mistakes.append("\(self.module): \(folder.path) occurs twice") }
        }
        return mistakes
    }

    /// Everything in `files` that goes through a wall, as sentences.
    func breaches(in files: [SourceFile]) -> [String] {
        let files = files.filter { $0.module == self.module }
        var breaches: [String] = []
        var places: [String: String] = [:]
        var nested: [String: Set<String>] = [:]
        for file in files {
            guard let folder = self.folder(of: file) else {
                breaches.append(
                    "\(file.path): its folder is new; say in FolderWalls what it may mention, and who may mention it")
                continue
            }
            for name in file.types.top { places[name] = folder.path }
            nested[folder.path, default: []].formUnion(file.types.nested)
        }
        for file in files {
            guard let folder = self.folder(of: file) else { continue }
            for (number, line) in file.code.enumerated() {
                for name in Self.typeNames(in: line) {
                    guard let place = places[name], place != folder.path, !folder.mayMention.contains(place),
                        // A type inside another may have the same name.
                        nested[folder.path]?.contains(name) != true
                    else { continue }
                    breaches.append(
                        """
                        \(file.path):\(number + 1) mentions \(name) of \(place); \(folder.path) may not: pass in what \
                        is needed of it, or move one of the two
                        """)
                }
            }
        }
        return breaches
    }

    private func folder(of file: SourceFile) -> Folder? {
        let parts = file.path.split(separator: "/").dropFirst(2).dropLast()
        return self.folders.filter { folder in
            let path = folder.path.split(separator: "/")
            return parts.starts(with: path)
        }.max { $0.path.count < $1.path.count }.flatMap { $0.path.isEmpty && !parts.isEmpty ? nil : $0 }
    }

    /// The words of a line that begin with a capital letter and are no member of something.
    private static func typeNames(in line: String) -> [String] {
        var names: [String] = []
        var word = ""
        var before: (Character, Character) = (" ", " ")
        var isMember = false
        for character in line + " " {
            if character.isLetter || character.isNumber || character == "_" {
                // `...Type` is a range.
                if word.isEmpty { isMember = before.1 == "." && before.0 != "." }
                word.append(character)
            } else {
                if let first = word.first, first.isUppercase, !isMember { names.append(word) }
                word = ""
            }
            before = (before.1, character)
        }
        return names
    }
}
