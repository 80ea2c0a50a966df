import GatewayJSON

extension Translator {
    /// The request, with an empty body where `isShown` is false.
    func write(
        _ run: TranslationRun, id pathID: [UInt8]?, patch: UpdatePatch?, isShown: Bool, key: VendorKey?
    ) throws(Problem) -> VendorRequest {
        let operation = run.operation
        let id = try Self.id(run, pathID)
        if let special = operation.special {
            return try self.write(run, special, id: id, patch: patch, isShown: isShown, key: key)
        }
        let writer = RequestWriter(run)
        let body: [UInt8]
        if !isShown {
            body = []
        } else if let vendorFields = run.vendorFields {
            let fields = Self.written(expecting: Int(run.view[0].end) + operation.overhead) {
                writer.writeFields(to: &$0)
            }
            body = Self.enveloped(
                try self.overlaid(fields, with: vendorFields, of: run, nullRemoves: false, on: self.secondTape),
                operation, id: id)
        } else {
            body = Self.written(expecting: Int(run.view[0].end) + operation.overhead + (id?.bytes.count ?? 0) * 2) {
                output in
                operation.bodyBefore.append(to: &output, quotingID: id)
                writer.writeFields(to: &output)
                operation.bodyAfter.append(to: &output, quotingID: id)
            }
        }
        return VendorRequest(
            method: operation.method, path: operation.path.path(id: id), headers: operation.headers, body: body,
            id: id?.bytes, warnings: run.errors.warnings, patch: patch)
    }

    /// The object of the fields in the operation's envelope.
    static func enveloped(_ fields: [UInt8], _ operation: OperationPlan, id: ProductID?) -> [UInt8] {
        self.written(expecting: fields.count + operation.overhead + (id?.bytes.count ?? 0) * 2) { output in
            operation.bodyBefore.append(to: &output, quotingID: id)
            fields.withUnsafeBufferPointer { output.append(bytes: $0) }
            operation.bodyAfter.append(to: &output, quotingID: id)
        }
    }

    @inline(__always)
    static func written(expecting size: Int, _ write: (inout JSONOutput) -> Void) -> [UInt8] {
        JSONOutput.array(expecting: size) { output in
            write(&output)
            return true
        } ?? []
    }

    /// The object of the fields with the caller's vendor fields laid over it. `tape` is one that is free.
    func overlaid(
        _ fields: [UInt8], with overlay: Int, of run: TranslationRun, nullRemoves: Bool, on tape: JSONTape
    ) throws(Problem) -> [UInt8] {
        let overlaid: [UInt8]? = fields.withUnsafeBufferPointer { buffer in
            // Written by us a moment ago; a failure would be our defect, and is answered as one.
            guard let base = try? tape.parse(buffer, limits: self.ownLimits) else { return nil }
            let patch = MergePatch(base: base, patch: run.view, nullRemoves: nullRemoves)
            return Self.written(expecting: fields.count + run.view[overlay].byteCount) {
                patch.merge(0, with: overlay, to: &$0)
            }
        }
        guard let overlaid else {
            throw Problem(.internalError, detail: "The vendor fields could not be merged.", target: run.plan.targetName)
        }
        return overlaid
    }

    /// For texts that were made here from texts within the limits: names may have become longer, and envelopes deeper.
    var ownLimits: JSONLimits {
        JSONLimits(bytesMax: self.limits.bytesMax * 2 + 65536, depthMax: self.limits.depthMax + 64)
    }

    /// The id by which the caller knows the product.
    private static func id(_ run: TranslationRun, _ pathID: [UInt8]?) throws(Problem) -> ProductID? {
        switch run.operation.id {
        case .path:
            let bytes = run.bodyID.map { run.view.decoded(run.view[$0]) } ?? pathID
            guard let bytes else {
                throw Problem(
                    .invalidRequest, detail: "An update needs the product's id in its path.",
                    target: run.plan.targetName)
            }
            let id = ProductID(bytes)
            if let mistake = id.mistake {
                let place = run.bodyID == nil ? "" : " in ids"
                throw Problem(
                    .invalidRequest, detail: "The product id\(place) \(mistake).", target: run.plan.targetName)
            }
            return id
        case .field(let pointer):
            guard let field = CanonicalProduct.index(of: pointer),
                let pick = (0..<run.pickCount).first(where: { Int(run.picks[$0].field) == field }),
                run.picks[pick].value >= 0
            else { return nil }
            return ProductID(run.view.decoded(run.view[Int(run.picks[pick].value)]))
        case .answer, .header:
            return nil
        }
    }
}
