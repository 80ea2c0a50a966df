import Testing

@testable import GatewayProxy

@Suite("The state machine of an exchange")
struct ExchangeStateMachineTests {
    typealias Machine = Exchange.StateMachine

    /// How each state is reached; bytes kept so far in brackets.
    private static let states: [(name: String, make: @Sendable () -> Machine)] = [
        ("admitting(0)", { Machine() }),
        ("admitting(5)", { Self.machine { _ = $0.body(5, maximum: 10) } }),
        ("admitting(whole)", { Self.machine { _ = $0.end(targets: 1) } }),
        ("receiving(0)", { Self.machine { _ = $0.admitted(targets: 1) } }),
        (
            "receiving(5)",
            {
                Self.machine {
                    _ = $0.admitted(targets: 1)
                    _ = $0.body(5, maximum: 10)
                }
            }
        ),
        (
            "claiming(2)",
            {
                Self.machine {
                    _ = $0.admitted(targets: 2)
                    _ = $0.end(targets: 2)
                    $0.claimAwaited()
                }
            }
        ),
        ("delivering(1)", { Self.delivering(1) }),
        ("delivering(2)", { Self.delivering(2) }),
        ("delivering(1, gone)", { Self.delivering(1, isGone: true) }),
        ("delivering(2, gone)", { Self.delivering(2, isGone: true) }),
        ("streaming", { Self.machine { _ = $0.admitted(targets: 1, isStream: true) } }),
        (
            "streaming(gone)",
            {
                Self.machine {
                    _ = $0.admitted(targets: 1, isStream: true)
                    _ = $0.callerLeft()
                }
            }
        ),
        ("answered", { Self.machine { _ = $0.refused() } }),
        ("ended", { Self.machine { _ = $0.callerLeft() } }),
    ]

    private static func machine(_ change: (inout Machine) -> Void) -> Machine {
        var machine = Machine()
        change(&machine)
        return machine
    }

    private static func delivering(_ targets: Int, isGone: Bool = false) -> Machine {
        self.machine {
            _ = $0.admitted(targets: targets)
            _ = $0.end(targets: targets)
            if isGone { _ = $0.callerLeft() }
        }
    }

    private static let events: [(name: String, send: @Sendable (inout Machine) -> String)] = [
        ("admitted(1)", { "\($0.admitted(targets: 1))" }),
        ("body(3 of 10)", { "\($0.body(3, maximum: 10))" }),
        ("body(6 of 10)", { "\($0.body(6, maximum: 10))" }),
        ("end(2)", { "\($0.end(targets: 2))" }),
        ("claimed", { "\($0.claimed())" }),
        ("result", { "\($0.result())" }),
        ("refused", { "\($0.refused())" }),
        ("callerLeft", { "\($0.callerLeft())" }),
        ("admitted(stream)", { "\($0.admitted(targets: 1, isStream: true))" }),
        ("streamEnded", { "\($0.streamEnded())" }),
    ]

    /// The state in the words of the table; how many bytes it has kept is found by asking how many more it takes.
    private static func name(_ machine: Machine) -> String {
        func bytes() -> String {
            for maximum in 0...20 {
                var probe = machine
                if probe.body(0, maximum: maximum) != .refuseTooLarge { return "\(maximum)" }
            }
            return "?"
        }
        return switch machine.state {
        case .admitting(isWhole: true): "admitting(whole)"
        case .admitting(isWhole: false): "admitting(\(bytes()))"
        case .receiving: "receiving(\(bytes()))"
        case .claiming(let targets): "claiming(\(targets))"
        case .delivering(let outstanding, let hasCaller): "delivering(\(outstanding)\(hasCaller ? "" : ", gone"))"
        case .streaming(let hasCaller): hasCaller ? "streaming" : "streaming(gone)"
        case .answered: "answered"
        case .ended: "ended"
        }
    }

    private static let table = TransitionTable(
        """
        admitting(0)        | admitted(1)   | receive           | receiving(0)
        admitting(0)        | body(3 of 10) | keepWithoutCredit | admitting(3)
        admitting(0)        | body(6 of 10) | keepWithoutCredit | admitting(6)
        admitting(0)        | end(2)        | doNothing         | admitting(whole)
        admitting(0)        | claimed       | doNothing         | admitting(0)
        admitting(0)        | result        | doNothing         | admitting(0)
        admitting(0)        | refused       | answer            | answered
        admitting(0)        | callerLeft    | record            | ended
        admitting(5)        | admitted(1)   | receive           | receiving(5)
        admitting(5)        | body(3 of 10) | keepWithoutCredit | admitting(8)
        admitting(5)        | body(6 of 10) | refuseTooLarge    | admitting(11)
        admitting(5)        | end(2)        | doNothing         | admitting(whole)
        admitting(5)        | claimed       | doNothing         | admitting(5)
        admitting(5)        | result        | doNothing         | admitting(5)
        admitting(5)        | refused       | answer            | answered
        admitting(5)        | callerLeft    | record            | ended
        receiving(0)        | admitted(1)   | doNothing         | receiving(0)
        receiving(0)        | body(3 of 10) | keep              | receiving(3)
        receiving(0)        | body(6 of 10) | keep              | receiving(6)
        receiving(0)        | end(2)        | deliver           | delivering(2)
        receiving(0)        | claimed       | doNothing         | receiving(0)
        receiving(0)        | result        | doNothing         | receiving(0)
        receiving(0)        | refused       | answer            | answered
        receiving(0)        | callerLeft    | record            | ended
        receiving(5)        | admitted(1)   | doNothing         | receiving(5)
        receiving(5)        | body(3 of 10) | keep              | receiving(8)
        receiving(5)        | body(6 of 10) | refuseTooLarge    | receiving(11)
        receiving(5)        | end(2)        | deliver           | delivering(2)
        receiving(5)        | claimed       | doNothing         | receiving(5)
        receiving(5)        | result        | doNothing         | receiving(5)
        receiving(5)        | refused       | answer            | answered
        receiving(5)        | callerLeft    | record            | ended
        admitting(whole)    | admitted(1)   | deliver           | delivering(1)
        admitting(whole)    | body(3 of 10) | keepWithoutCredit | admitting(whole)
        admitting(whole)    | body(6 of 10) | keepWithoutCredit | admitting(whole)
        admitting(whole)    | end(2)        | doNothing         | admitting(whole)
        admitting(whole)    | claimed       | doNothing         | admitting(whole)
        admitting(whole)    | result        | doNothing         | admitting(whole)
        admitting(whole)    | refused       | answer            | answered
        admitting(whole)    | callerLeft    | record            | ended
        claiming(2)         | admitted(1)   | doNothing         | claiming(2)
        claiming(2)         | body(3 of 10) | discard           | claiming(2)
        claiming(2)         | body(6 of 10) | discard           | claiming(2)
        claiming(2)         | end(2)        | doNothing         | claiming(2)
        claiming(2)         | claimed       | deliver           | delivering(2)
        claiming(2)         | result        | doNothing         | claiming(2)
        claiming(2)         | refused       | answer            | answered
        claiming(2)         | callerLeft    | record            | ended
        delivering(1)       | admitted(1)   | doNothing         | delivering(1)
        delivering(1)       | body(3 of 10) | discard           | delivering(1)
        delivering(1)       | body(6 of 10) | discard           | delivering(1)
        delivering(1)       | end(2)        | doNothing         | delivering(1)
        delivering(1)       | claimed       | doNothing         | delivering(1)
        delivering(1)       | result        | answer            | answered
        delivering(1)       | refused       | doNothing         | delivering(1)
        delivering(1)       | callerLeft    | abandonWaiting    | delivering(1, gone)
        delivering(2)       | admitted(1)   | doNothing         | delivering(2)
        delivering(2)       | body(3 of 10) | discard           | delivering(2)
        delivering(2)       | body(6 of 10) | discard           | delivering(2)
        delivering(2)       | end(2)        | doNothing         | delivering(2)
        delivering(2)       | claimed       | doNothing         | delivering(2)
        delivering(2)       | result        | wait              | delivering(1)
        delivering(2)       | refused       | doNothing         | delivering(2)
        delivering(2)       | callerLeft    | abandonWaiting    | delivering(2, gone)
        delivering(1, gone) | admitted(1)   | doNothing         | delivering(1, gone)
        delivering(1, gone) | body(3 of 10) | discard           | delivering(1, gone)
        delivering(1, gone) | body(6 of 10) | discard           | delivering(1, gone)
        delivering(1, gone) | end(2)        | doNothing         | delivering(1, gone)
        delivering(1, gone) | claimed       | doNothing         | delivering(1, gone)
        delivering(1, gone) | result        | record            | ended
        delivering(1, gone) | refused       | doNothing         | delivering(1, gone)
        delivering(1, gone) | callerLeft    | doNothing         | delivering(1, gone)
        delivering(2, gone) | admitted(1)   | doNothing         | delivering(2, gone)
        delivering(2, gone) | body(3 of 10) | discard           | delivering(2, gone)
        delivering(2, gone) | body(6 of 10) | discard           | delivering(2, gone)
        delivering(2, gone) | end(2)        | doNothing         | delivering(2, gone)
        delivering(2, gone) | claimed       | doNothing         | delivering(2, gone)
        delivering(2, gone) | result        | wait              | delivering(1, gone)
        delivering(2, gone) | refused       | doNothing         | delivering(2, gone)
        delivering(2, gone) | callerLeft    | doNothing         | delivering(2, gone)
        answered            | admitted(1)   | doNothing         | answered
        answered            | body(3 of 10) | discard           | answered
        answered            | body(6 of 10) | discard           | answered
        answered            | end(2)        | doNothing         | answered
        answered            | claimed       | doNothing         | answered
        answered            | result        | doNothing         | answered
        answered            | refused       | doNothing         | answered
        answered            | callerLeft    | recordAnswer      | ended
        ended               | admitted(1)   | doNothing         | ended
        ended               | body(3 of 10) | discard           | ended
        ended               | body(6 of 10) | discard           | ended
        ended               | end(2)        | doNothing         | ended
        ended               | claimed       | doNothing         | ended
        ended               | result        | doNothing         | ended
        ended               | refused       | doNothing         | ended
        ended               | callerLeft    | doNothing         | ended
        admitting(0) | admitted(stream) | stream(isWhole: false) | streaming
        admitting(0) | streamEnded | doNothing | admitting(0)
        admitting(5) | admitted(stream) | stream(isWhole: false) | streaming
        admitting(5) | streamEnded | doNothing | admitting(5)
        admitting(whole) | admitted(stream) | stream(isWhole: true) | streaming
        admitting(whole) | streamEnded | doNothing | admitting(whole)
        receiving(0) | admitted(stream) | doNothing | receiving(0)
        receiving(0) | streamEnded | doNothing | receiving(0)
        receiving(5) | admitted(stream) | doNothing | receiving(5)
        receiving(5) | streamEnded | doNothing | receiving(5)
        delivering(1) | admitted(stream) | doNothing | delivering(1)
        delivering(1) | streamEnded | doNothing | delivering(1)
        delivering(2) | admitted(stream) | doNothing | delivering(2)
        delivering(2) | streamEnded | doNothing | delivering(2)
        delivering(1, gone) | admitted(stream) | doNothing | delivering(1, gone)
        delivering(1, gone) | streamEnded | doNothing | delivering(1, gone)
        delivering(2, gone) | admitted(stream) | doNothing | delivering(2, gone)
        delivering(2, gone) | streamEnded | doNothing | delivering(2, gone)
        answered | admitted(stream) | doNothing | answered
        answered | streamEnded | doNothing | answered
        ended | admitted(stream) | doNothing | ended
        ended | streamEnded | doNothing | ended
        streaming | admitted(1) | doNothing | streaming
        streaming | admitted(stream) | doNothing | streaming
        streaming | body(3 of 10) | stream | streaming
        streaming | body(6 of 10) | stream | streaming
        streaming | end(2) | endStream | streaming
        streaming | result | doNothing | streaming
        streaming | refused | endStream | streaming
        streaming | callerLeft | abandonStream | streaming(gone)
        streaming | claimed | doNothing | streaming
        streaming | streamEnded | answered | answered
        streaming(gone) | admitted(1) | doNothing | streaming(gone)
        streaming(gone) | admitted(stream) | doNothing | streaming(gone)
        streaming(gone) | body(3 of 10) | discard | streaming(gone)
        streaming(gone) | body(6 of 10) | discard | streaming(gone)
        streaming(gone) | end(2) | doNothing | streaming(gone)
        streaming(gone) | result | doNothing | streaming(gone)
        streaming(gone) | refused | doNothing | streaming(gone)
        streaming(gone) | callerLeft | doNothing | streaming(gone)
        streaming(gone) | claimed | doNothing | streaming(gone)
        streaming(gone) | streamEnded | recordAbandoned | ended
        claiming(2) | admitted(stream) | doNothing | claiming(2)
        claiming(2) | streamEnded | doNothing | claiming(2)
        """)

    @Test("every state is what its name says")
    func states() {
        for state in Self.states { #expect(Self.name(state.make()) == state.name) }
    }

    @Test("every event in every state brings the action and the state of the table")
    func transitions() {
        let expected = Dictionary(
            uniqueKeysWithValues: Self.table.transitions.map { ("\($0.state) | \($0.event)", $0) })
        #expect(expected.count == Self.states.count * Self.events.count)
        for state in Self.states {
            for event in Self.events {
                var machine = state.make()
                let action = event.send(&machine)
                let seen = TransitionTable.Transition(
                    state: state.name, event: event.name, action: action, next: Self.name(machine))
                #expect(expected["\(state.name) | \(event.name)"] == seen)
            }
        }
    }

    @Test(
        "whatever happens in whatever order, an exchange is answered or recorded exactly once",
        arguments: [1, 2, 3] as [UInt64])
    func onceOnly(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var machine = Machine()
            var told = 0
            var outstanding = 0
            for _ in 0..<12 {
                switch Int.random(in: 0..<7, using: &random) {
                case 0: _ = machine.body(3, maximum: 10)
                case 1:
                    let targets = Int.random(in: 1...3, using: &random)
                    if machine.end(targets: targets) == .deliver { outstanding = targets }
                case 4:
                    let targets = Int.random(in: 1...3, using: &random)
                    if machine.admitted(targets: targets) == .deliver { outstanding = targets }
                case 2 where outstanding > 0:
                    outstanding -= 1
                    let result = machine.result()
                    if result == .answer || result == .record { told += 1 }
                case 5:
                    machine.claimAwaited()
                    _ = machine.claimed()
                case 3: if machine.refused() == .answer { told += 1 }
                default: if machine.callerLeft() == .record { told += 1 }
                }
            }
            while outstanding > 0 {
                outstanding -= 1
                let result = machine.result()
                if result == .answer || result == .record { told += 1 }
            }
            if machine.isReceiving, machine.refused() == .answer { told += 1 }
            #expect(told == 1)
        }
    }
}
