import Testing

@testable import GatewayProxy

@Suite("The state machine of an exchange")
struct ExchangeStateMachineTests {
    typealias Machine = Exchange.StateMachine

    /// How each state is reached.
    private static let states: [(name: String, make: @Sendable () -> Machine)] = [
        ("receiving(0)", { Machine() }),
        (
            "receiving(5)",
            {
                var machine = Machine()
                _ = machine.body(5, maximum: 10)
                return machine
            }
        ),
        (
            "receiving(11)",
            {
                var machine = Machine()
                _ = machine.body(11, maximum: 10)
                return machine
            }
        ),
        (
            "delivering(1)",
            {
                var machine = Machine()
                _ = machine.end(targets: 1)
                return machine
            }
        ),
        (
            "delivering(2)",
            {
                var machine = Machine()
                _ = machine.end(targets: 2)
                return machine
            }
        ),
        (
            "delivering(1, gone)",
            {
                var machine = Machine()
                _ = machine.end(targets: 1)
                _ = machine.callerLeft()
                return machine
            }
        ),
        (
            "delivering(2, gone)",
            {
                var machine = Machine()
                _ = machine.end(targets: 2)
                _ = machine.callerLeft()
                return machine
            }
        ),
        (
            "answered",
            {
                var machine = Machine()
                _ = machine.refused()
                return machine
            }
        ),
        (
            "ended",
            {
                var machine = Machine()
                _ = machine.callerLeft()
                return machine
            }
        ),
    ]

    private static let events: [(name: String, send: @Sendable (inout Machine) -> String)] = [
        ("body(3 of 10)", { "\($0.body(3, maximum: 10))" }),
        ("end(1)", { "\($0.end(targets: 1))" }),
        ("end(2)", { "\($0.end(targets: 2))" }),
        ("result", { "\($0.result())" }),
        ("refused", { "\($0.refused())" }),
        ("callerLeft", { "\($0.callerLeft())" }),
    ]

    /// Which state a machine is in, found by asking it until it is used up.
    private static func name(_ machine: consuming Machine) -> String {
        if machine.isReceiving {
            let bytes = (0...20).first { machine.body(0, maximum: $0) == .keep }
            return "receiving(\(bytes.map(String.init) ?? "?"))"
        }
        if machine.isEnded { return "ended" }
        for outstanding in 1...3 {
            switch machine.result() {
            case .answer: return "delivering(\(outstanding))"
            case .record: return "delivering(\(outstanding), gone)"
            case .doNothing: return "answered"
            case .wait: continue
            }
        }
        return "?"
    }

    private static let table = TransitionTable(
        """
        receiving(0)        | body(3 of 10) | keep           | receiving(3)
        receiving(0)        | end(1)        | deliver        | delivering(1)
        receiving(0)        | end(2)        | deliver        | delivering(2)
        receiving(0)        | result        | doNothing      | receiving(0)
        receiving(0)        | refused       | answer         | answered
        receiving(0)        | callerLeft    | record         | ended
        receiving(5)        | body(3 of 10) | keep           | receiving(8)
        receiving(5)        | end(1)        | deliver        | delivering(1)
        receiving(5)        | end(2)        | deliver        | delivering(2)
        receiving(5)        | result        | doNothing      | receiving(5)
        receiving(5)        | refused       | answer         | answered
        receiving(5)        | callerLeft    | record         | ended
        receiving(11)       | body(3 of 10) | refuseTooLarge | receiving(14)
        receiving(11)       | end(1)        | deliver        | delivering(1)
        receiving(11)       | end(2)        | deliver        | delivering(2)
        receiving(11)       | result        | doNothing      | receiving(11)
        receiving(11)       | refused       | answer         | answered
        receiving(11)       | callerLeft    | record         | ended
        delivering(1)       | body(3 of 10) | discard        | delivering(1)
        delivering(1)       | end(1)        | doNothing      | delivering(1)
        delivering(1)       | end(2)        | doNothing      | delivering(1)
        delivering(1)       | result        | answer         | answered
        delivering(1)       | refused       | doNothing      | delivering(1)
        delivering(1)       | callerLeft    | abandonWaiting | delivering(1, gone)
        delivering(2)       | body(3 of 10) | discard        | delivering(2)
        delivering(2)       | end(1)        | doNothing      | delivering(2)
        delivering(2)       | end(2)        | doNothing      | delivering(2)
        delivering(2)       | result        | wait           | delivering(1)
        delivering(2)       | refused       | doNothing      | delivering(2)
        delivering(2)       | callerLeft    | abandonWaiting | delivering(2, gone)
        delivering(1, gone) | body(3 of 10) | discard        | delivering(1, gone)
        delivering(1, gone) | end(1)        | doNothing      | delivering(1, gone)
        delivering(1, gone) | end(2)        | doNothing      | delivering(1, gone)
        delivering(1, gone) | result        | record         | ended
        delivering(1, gone) | refused       | doNothing      | delivering(1, gone)
        delivering(1, gone) | callerLeft    | doNothing      | delivering(1, gone)
        delivering(2, gone) | body(3 of 10) | discard        | delivering(2, gone)
        delivering(2, gone) | end(1)        | doNothing      | delivering(2, gone)
        delivering(2, gone) | end(2)        | doNothing      | delivering(2, gone)
        delivering(2, gone) | result        | wait           | delivering(1, gone)
        delivering(2, gone) | refused       | doNothing      | delivering(2, gone)
        delivering(2, gone) | callerLeft    | doNothing      | delivering(2, gone)
        answered            | body(3 of 10) | discard        | answered
        answered            | end(1)        | doNothing      | answered
        answered            | end(2)        | doNothing      | answered
        answered            | result        | doNothing      | answered
        answered            | refused       | doNothing      | answered
        answered            | callerLeft    | doNothing      | ended
        ended               | body(3 of 10) | discard        | ended
        ended               | end(1)        | doNothing      | ended
        ended               | end(2)        | doNothing      | ended
        ended               | result        | doNothing      | ended
        ended               | refused       | doNothing      | ended
        ended               | callerLeft    | doNothing      | ended
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
                switch Int.random(in: 0..<5, using: &random) {
                case 0: _ = machine.body(3, maximum: 10)
                case 1:
                    let targets = Int.random(in: 1...3, using: &random)
                    if machine.end(targets: targets) == .deliver { outstanding = targets }
                case 2 where outstanding > 0:
                    outstanding -= 1
                    let result = machine.result()
                    if result == .answer || result == .record { told += 1 }
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
