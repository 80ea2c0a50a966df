import GatewayStore
import GatewayTranslation

/// What is known of lines, and what is told of them. Every line's page must have been reached.
extension StreamRecord {
    /// Whether what is known of the line is there. If not, it is asked for, and the stream told.
    func reaches(_ number: Int) -> Bool {
        let page = LinePage.place(of: number).page
        guard self.pages[page] == nil else { return true }
        guard case .open = self.state, self.loading == nil else { return false }
        guard page < Self.pagesMax else {
            self.state = .over
            self.room.deadlines.cancel(self)
            self.onLoss?(.tooManyLines(Self.pagesMax * LinePage.size))
            return false
        }
        self.loading = PageLoading(page: page, since: self.now, until: 0, round: 0)
        self.load()
        return self.pages[page] != nil
    }

    /// The last number of which an earlier stream with the key may have taken a line.
    var lastBefore: Int { self.pagesBefore * LinePage.size }

    func digest(of number: Int, _ content: UnsafeBufferPointer<UInt8>) -> UInt64 { self.names.line(number, content) }

    /// The line is there.
    func take(_ number: Int) {
        self.change(number) { page, line in page.take(line) }
    }

    /// - Parameter lane: the target's place in the stream.
    func standing(of number: Int, at lane: Int) -> LinePage.Standing {
        let (page, line) = LinePage.place(of: number)
        return self.pages[page]?.lines.standing(of: line, at: self.lanes[lane]) ?? .open
    }

    func doneLines(ofBlockWith number: Int, at lane: Int) -> (count: Int, sum: UInt64) {
        let (page, line) = LinePage.place(of: number)
        return self.pages[page]?.lines.doneLines(ofBlock: line / LineSet.size, at: self.lanes[lane]) ?? (0, 0)
    }

    /// The line is about to be sent.
    func begin(_ number: Int, at lane: Int) {
        let place = self.lanes[lane]
        self.change(number) { page, line in page.begin(line, at: place) }
    }

    func finish(_ number: Int, at lane: Int, digest: UInt64) {
        let place = self.lanes[lane]
        self.change(number) { page, line in page.finish(line, at: place, digest: digest) }
    }

    func release(_ number: Int, at lane: Int) {
        let place = self.lanes[lane]
        self.change(number) { page, line in page.release(line, at: place) }
    }

    private func change(_ number: Int, _ change: (inout LinePage, Int) -> Void) {
        let (page, line) = LinePage.place(of: number)
        guard var kept = self.pages.removeValue(forKey: page) else { return }
        change(&kept.lines, line)
        kept.isChanged = true
        self.pages[page] = kept
        self.changes += 1
        if self.writesAt == nil, self.writing == nil {
            self.writesAt = self.now &+ Self.writePauseNanoseconds
            self.scheduleNext()
        }
    }

    func vendorKey(of number: Int, digest: UInt64, target: String) -> String? {
        self.names.vendorKey(of: self.claim.name, line: number, digest: digest, target: target)
    }

    // MARK: Pages

    /// Asks for the page that is wanted; before, the head says that it was begun.
    private func load() {
        guard var loading = self.loading else { return }
        guard let name = self.names.page(loading.page, of: self.claim.name) else { return }
        loading.round += 1
        loading.until = self.now &+ Self.retryNanoseconds
        self.loading = loading
        guard loading.page < self.head.pages else {
            var head = self.head
            head.pages = loading.page + 1
            self.put(self.claim.name, head.bytes, isLast: false) { result in
                guard self.loading?.round == loading.round else { return }
                switch result {
                case .written:
                    self.head = head
                    self.load()
                case .lost: self.lose()
                case .failed: break
                }
            }
            return self.scheduleNext()
        }
        let claim = KeyClaim(
            name: name, fingerprint: self.claim.fingerprint, requestID: self.claim.requestID, owner: self.claim.owner,
            // Whoever owns the head owns its pages: an owner before it has lost them at once.
            leaseMilliseconds: 0, retentionMilliseconds: self.claim.retentionMilliseconds, targets: Self.parts,
            startsSending: false)
        let take: (ClaimResult) -> Void = { self.loaded(name, $0, loading) }
        let result = self.room.store.claim(claim, at: self.room.time) {
            let reply = LoopReply<ClaimResult>(to: self.room.eventLoop, take: take)
            return { reply.send($0) }
        }
        if let result { take(result) }
        self.scheduleNext()
    }

    private func loaded(_ name: RecordName, _ result: ClaimResult, _ asked: PageLoading) {
        guard let loading = self.loading, loading.round == asked.round, loading.page == asked.page else { return }
        switch result {
        case .owned(let earlier):
            let bytes = earlier?[Self.linesPart]?.answer ?? []
            guard
                let lines = bytes.isEmpty
                    ? LinePage(lanes: self.head.lanes) : LinePage(bytes: bytes, lanes: self.head.lanes)
            else { return self.lose() }
            self.loading = nil
            self.pages[loading.page] = KeptPage(name: name, lines: lines)
            self.onProgress?()
        case .reused, .done: self.lose()
        case .underWay, .failed: break
        }
    }

    func loadAgain(now: UInt64) {
        guard let loading = self.loading, now >= loading.until else { return }
        guard now &- loading.since < Self.pagePatienceNanoseconds else {
            self.loading = nil
            self.state = .over
            self.room.deadlines.cancel(self)
            self.onLoss?(.storeUnavailable())
            return
        }
        self.load()
    }

    /// A line of the page that was reached is under way.
    func hold(_ number: Int) { self.pages[LinePage.place(of: number).page]?.linesUnderWay += 1 }

    /// It is not any more.
    func letGo(_ number: Int) {
        let page = LinePage.place(of: number).page
        self.pages[page]?.linesUnderWay -= 1
        if self.pages[page]?.linesUnderWay == 0 { self.forgetPages() }
    }

    /// Pages before the last one of which no line is under way, and all is kept, need not be held.
    func forgetPages() {
        guard self.pages.count > 1, self.writing == nil, let last = self.pages.keys.max() else { return }
        for (page, kept) in self.pages where page < last && kept.linesUnderWay == 0 && !kept.isChanged {
            self.pages[page] = nil
        }
    }
}
