import GatewayHTTP
import GatewayJSON

/// Looking up what became of a create whose answer was lost.
extension TargetPlan {
    /// Whether the vendor can be asked for the product of a create whose answer was lost.
    package var canFind: Bool {
        self.dialect.operations.contains { $0.kind == .create && $0.find != nil }
    }

    /// The request that looks for the product of a create by what the caller knows of it.
    ///
    /// - Returns: nil where the dialect knows no way, or what was sent lacks the value to look for.
    package func findRequest(after create: VendorRequest) -> VendorRequest? {
        guard let find = self.dialect.operations.first(where: { $0.kind == .create })?.find else { return nil }
        var path: [UInt8] = []
        var sent: JSONNode?
        for part in find.path {
            switch part {
            case .text(let text): path += Array(text.utf8)
            case .parameter(let name): PercentEncoding.append(Array(self.resolved.parameter(name).utf8), to: &path)
            case .sent(let tokens):
                sent = sent ?? (try? JSONDocument(parsing: create.body, limits: .exchange))?.root
                guard let value = sent?.value(at: tokens), let text = value.looked else { return nil }
                PercentEncoding.append(text, to: &path)
            }
        }
        return VendorRequest(
            method: "GET", path: path, headers: [(name: "accept", value: "application/json")], body: [],
            id: create.id)
    }
}

extension Translator {
    /// What a lookup has shown.
    package enum Found {
        /// The product is there as it was asked for.
        case asAsked(CanonicalAnswer)
        /// Something is there that is not what was asked for, or more than one.
        case another
        /// It is not there, or nobody can say.
        case nothing
    }

    /// Reads the answer to `findRequest(after:)`. Decides nothing on its own word: a product is the one that was asked
    /// for only where all that was sent, and that answers have, is there.
    package func found(
        in answer: VendorAnswer, after create: VendorRequest, for plan: TargetPlan, keepsProduct: Bool = true,
        secret: SecretMask? = nil
    ) -> Found {
        guard let find = plan.dialect.operations.first(where: { $0.kind == .create })?.find,
            let operation = plan.create, find.successStatuses.contains(answer.status), answer.isComplete,
            let root = (try? JSONDocument(parsing: answer.body, limits: self.limits))?.root,
            let product = root.value(at: find.product), product.kind == .object
        else { return .nothing }
        // A search by what should be unique that finds several says nothing of any of them.
        if let list = root.value(at: Array(find.product.dropLast())), list.kind == .array, list.elements.count > 1 {
            return .another
        }
        let single = VendorAnswer(
            status: answer.status, body: VendorAnswer.enveloped(product.rawBytes, at: find.envelope),
            requestID: answer.requestID)
        guard self.compare(create, of: .create, with: single, for: plan)?.isAsAsked == true else { return .another }
        let folder = SuccessFolder(
            answer: single, request: create, operation: operation, plan: plan, isReading: true,
            isFound: true)
        do throws(Problem) {
            return .asAsked(
                try self.masking(secret, in: single) { () throws(Problem) in
                    try self.canonical(folder, find.successStatuses, keepsProduct: keepsProduct, nil)
                })
        } catch {
            return .nothing
        }
    }
}

extension JSONNode {
    /// A text or a number, as it is looked for; nil for what is neither, or says nothing.
    fileprivate var looked: [UInt8]? {
        switch self.kind {
        case .string: self.string.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        case .number: Array(self.rawBytes)
        default: nil
        }
    }
}
