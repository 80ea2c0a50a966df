import GatewayTranslation

/// What a vendor's answer means for a delivery: the next request, or the result.
extension Delivery {
    /// - Parameter secret: what was sent as authorization: a vendor that quotes it must not tell it on.
    func received(_ answer: VendorAnswer, secret: SecretMask?) {
        self.vendorStatus = answer.status
        if answer.status >= 429, self.machine.phase != .lookingUp, self.isAskedAgain(after: answer) { return }
        let decision = self.machine.answered(
            status: answer.status,
            mayRenewToken: self.authorisation.answered(
                status: answer.status, now: self.environment.clock.now(), random: &self.environment.random),
            hasVersion: self.readBeforeWrite != nil
                && self.request?.isStale(by: answer, at: self.target.plan, self.environment.translator) == true)
        switch decision {
        case .renewToken:
            self.metrics.vendorAnswered(answer.status, .vendorCredentialsRejected)
            self.metrics.retried(.tokenRefused)
            self.authorise()
        case .merge:
            self.merge(answer, secret)
        case .readAgain:
            self.metrics.vendorAnswered(answer.status, .conflict)
            self.metrics.retried(.productChanged)
            self.readBeforeWrite?.writeRefused()
            self.request = self.readBeforeWrite?.readRequest
            self.authorise()
        case .fold:
            self.fold(answer, secret)
        case .takeApart:
            self.takeApart(answer, secret)
        case .lookedUp:
            self.lookedUp(answer, secret)
        case .doNothing:
            break
        }
    }

    private func fold(_ answer: VendorAnswer, _ secret: SecretMask?) {
        guard let request = self.request else { return }
        let answersInVendorWords = self.answersInVendorWords
        let now = self.environment.clock.epochSeconds
        let folded =
            self.order.operation == .read
            ? self.environment.translator.foldRead(
                answer, to: request, for: self.target.plan, keepsProduct: !answersInVendorWords, secret: secret,
                nowEpochSeconds: now)
            : self.environment.translator.fold(
                answer, to: request, operation: self.order.operation, for: self.target.plan,
                keepsProduct: !answersInVendorWords && self.order.wantsProduct, secret: secret, nowEpochSeconds: now)
        self.metrics.vendorAnswered(answer.status, folded.problemCode)
        switch consume folded {
        case .product(let product) where request.hasNext:
            self.goOn(after: request, answer, product)
        case .product where self.firstProduct != nil:
            self.finishWithFirst()
        case .product(let product) where answersInVendorWords && !answer.body.isEmpty:
            self.noteProduct(product, answer)
            self.finish(.vendorDocument(answer.body))
        case .product(let product):
            self.noteProduct(product, answer)
            self.environment.bodyBuffers.giveBack(&answer.body)
            self.finish(.product(product))
        case .problem(var problem):
            if problem.code == .vendorUnintelligible { self.logUnintelligible(answer) }
            self.environment.bodyBuffers.giveBack(&answer.body)
            // Only where it is so: every change of a problem is a copy.
            if answersInVendorWords { problem.hasVendorTitle = true }
            self.conclude(problem)
        }
    }

    /// The change takes several requests: the next one.
    private func goOn(after request: VendorRequest, _ answer: VendorAnswer, _ product: CanonicalAnswer) {
        if self.firstProduct == nil, !request.isFollowing {
            self.noteProduct(product, answer)
            self.firstProduct = product
        }
        do throws(Problem) {
            let next = try self.environment.translator.next(
                after: request, answer, product: self.firstProduct ?? product, for: self.target.plan)
            guard let next else { return self.finish(.product(product)) }
            self.request = next
            self.machine.nextRequest()
            self.authorise()
        } catch {
            self.finish(.problem(error))
        }
    }

    /// All requests are done: what the first one answered is the product.
    private func finishWithFirst() {
        guard let product = self.firstProduct else { return }
        self.firstProduct = nil
        self.finish(.product(product))
    }

    func noteProduct(_ product: CanonicalAnswer, _ answer: VendorAnswer) {
        if self.order.operation == .create { self.productID = product.id }
        if let entityTag = answer.etag { self.entityTag = entityTag }
    }

    /// The second half of an update at a vendor that replaces: what is there, changed as the caller asks.
    private func merge(_ current: VendorAnswer, _ secret: SecretMask?) {
        guard let readBeforeWrite = self.readBeforeWrite, !self.isSettled(by: current, readBeforeWrite, secret) else {
            return
        }
        do throws(Problem) {
            let request = try readBeforeWrite.merged(
                into: current, by: self.environment.translator, secret: secret,
                nowEpochSeconds: self.environment.clock.epochSeconds)
            if let matches = self.order.ifMatch { try self.check(matches, current) }
            self.request = request
            self.readBeforeWrite?.merged(into: current, hasVersion: request.hasVersion)
            self.machine.merged()
            self.metrics.vendorAnswered(current.status)
            self.authorise()
        } catch {
            self.metrics.vendorAnswered(current.status, error.code)
            if error.code == .vendorUnintelligible { self.logUnintelligible(current) }
            self.finish(.problem(error))
        }
    }

    /// Holds the caller's `If-Match` against the version of the product that was read.
    private func check(_ matches: (String) -> Bool, _ current: VendorAnswer) throws(Problem) {
        guard !matches(current.etag ?? "") else { return }
        guard current.hasStrongETag else {
            throw Problem(
                .unsupportedHeader,
                detail: "\(self.target.name) gave no version of the product (a strong ETag) that If-Match could be "
                    + "held against; nothing was changed.", target: self.target.name)
        }
        throw Problem(
            .preconditionFailed,
            detail: "The product at \(self.target.name) is not the version that If-Match names; nothing was changed.",
            target: self.target.name)
    }

    /// Never in the answer, and in the log only at `debug`: it may hold product data. Secrets have been masked.
    private func logUnintelligible(_ answer: VendorAnswer) {
        self.environment.logger.debug(
            "vendor answer not understood",
            metadata: [
                "requestId": "\(self.order.requestID.string)", "target": "\(self.target.name)",
                "status": "\(answer.status)",
                "firstBytes": "\(String(decoding: answer.body.prefix(256), as: UTF8.self))",
            ])
    }
}
