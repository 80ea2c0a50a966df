import GatewayJSON

extension TargetPlan {
    /// The request that reads a product as the vendor has it.
    ///
    /// - Parameter id: from the path, percent-decoded.
    package func readRequest(of id: [UInt8]) throws(Problem) -> VendorRequest {
        guard let read = self.read, self.update != nil else {
            throw Problem(
                .invalidRequest, detail: "The gateway does not know how to read a product of \(self.dialect.title).",
                target: self.targetName)
        }
        return self.readRequest(read, id: id, before: .update)
    }

    func readRequest(_ read: ReadPlan, id: [UInt8]?, before change: ProductOperation) -> VendorRequest {
        let id = id.map { ProductID($0) }
        let body =
            read.body.flatMap { body in
                JSONOutput.array(expecting: 512) { output in
                    body.append(to: &output, quotingID: id)
                    return true
                }
            } ?? []
        return VendorRequest(
            method: read.method, path: read.path.path(id: id), headers: read.headers.headers(id: id, .none), body: body,
            id: id?.bytes, warnings: [], patch: nil, wantedHeaders: self.operation(change)?.special?.wantedOfRead ?? [])
    }
}

extension Translator {
    /// Says in canonical terms what a vendor answered to `plan.readRequest(of:)`. Never throws: what cannot be
    /// understood is a problem too. It changed nothing, whatever it is.
    package func foldRead(
        _ answer: VendorAnswer, to request: VendorRequest, for plan: TargetPlan, keepsProduct: Bool = true,
        secret: SecretMask? = nil, nowEpochSeconds: Int? = nil
    ) -> FoldedAnswer {
        guard let read = plan.read, let operation = plan.update else {
            return .problem(Problem(.internalError, detail: "There is nothing that was read.", target: plan.targetName))
        }
        let folder = SuccessFolder(answer: answer, request: request, operation: operation, plan: plan, isReading: true)
        if !keepsProduct { secret?.mask(answer) }
        do throws(Problem) {
            return .product(
                try self.masking(secret, in: answer) { () throws(Problem) in
                    try self.canonical(folder, read.successStatuses, keepsProduct: keepsProduct, nowEpochSeconds)
                })
        } catch {
            return .problem(error)
        }
    }
}
