import Testing

@testable import GatewayProxy

@Suite("The state machine of an HTTP/1.1 connection to a vendor")
struct UpstreamHTTP1StateMachineTests {
    typealias Machine = UpstreamHTTP1Connection.StateMachine

    /// How each state is reached.
    private static let states: [(name: String, make: @Sendable () -> Machine)] = [
        ("idle", { Machine() }),
        ("sending", { Self.underWay(isWritten: false) }),
        ("sent", { Self.underWay() }),
        ("answering", { Self.answering() }),
        ("closing answer", { Self.answering(keepsAlive: false) }),
        ("until close", { Self.answering(endsAtClose: true) }),
        ("answered", { Self.answered() }),
        ("answered early", { Self.answered(isWritten: false) }),
        ("answered, closing", { Self.answered(keepsAlive: false) }),
        (
            "closed",
            {
                var machine = Machine()
                machine.closed()
                return machine
            }
        ),
    ]

    private static func underWay(isWritten: Bool = true) -> Machine {
        var machine = Machine()
        _ = machine.requestStarted()
        if isWritten { machine.requestWritten() }
        return machine
    }

    private static func answering(
        isWritten: Bool = true, keepsAlive: Bool = true, endsAtClose: Bool = false
    ) -> Machine {
        var machine = Self.underWay(isWritten: isWritten)
        _ = machine.headReceived(keepsAlive: keepsAlive, endsAtClose: endsAtClose)
        return machine
    }

    private static func answered(isWritten: Bool = true, keepsAlive: Bool = true) -> Machine {
        var machine = Self.answering(isWritten: isWritten, keepsAlive: keepsAlive)
        _ = machine.answerEnded(closedCleanly: true)
        return machine
    }

    private static let events: [(name: String, send: @Sendable (inout Machine) -> String)] = [
        ("start", { $0.requestStarted() ? "send" : "refuse" }),
        ("interim", { "\($0.interimReceived())" }),
        ("head", { "\($0.headReceived(keepsAlive: true, endsAtClose: false))" }),
        ("end", { "\($0.answerEnded(closedCleanly: true))" }),
        ("end, rude", { "\($0.answerEnded(closedCleanly: false))" }),
        ("taken", { "\($0.answerTaken(isClean: true))" }),
        ("taken, more", { "\($0.answerTaken(isClean: false))" }),
    ]

    private static func name(_ machine: borrowing Machine) -> String {
        if machine.isIdle { return "idle" }
        if machine.expectsBytes { return "underWay" }
        return machine.isAnswered ? "answered" : "closed"
    }

    private static let table = TransitionTable(
        """
        idle              | start       | send        | underWay
        idle              | interim     | giveUp      | idle
        idle              | head        | giveUp      | idle
        idle              | end         | cutShort    | idle
        idle              | end, rude   | cutShort    | idle
        idle              | taken       | doNothing   | idle
        idle              | taken, more | doNothing   | idle
        sending           | start       | refuse      | underWay
        sending           | interim     | ignore      | underWay
        sending           | head        | takeHead    | underWay
        sending           | end         | cutShort    | underWay
        sending           | end, rude   | cutShort    | underWay
        sending           | taken       | doNothing   | underWay
        sending           | taken, more | doNothing   | underWay
        sent              | start       | refuse      | underWay
        sent              | interim     | ignore      | underWay
        sent              | head        | takeHead    | underWay
        sent              | end         | cutShort    | underWay
        sent              | end, rude   | cutShort    | underWay
        sent              | taken       | doNothing   | underWay
        sent              | taken, more | doNothing   | underWay
        answering         | start       | refuse      | underWay
        answering         | interim     | giveUp      | underWay
        answering         | head        | giveUp      | underWay
        answering         | end         | waitForMore | answered
        answering         | end, rude   | waitForMore | answered
        answering         | taken       | doNothing   | underWay
        answering         | taken, more | doNothing   | underWay
        closing answer    | start       | refuse      | underWay
        closing answer    | interim     | giveUp      | underWay
        closing answer    | head        | giveUp      | underWay
        closing answer    | end         | waitForMore | answered
        closing answer    | end, rude   | waitForMore | answered
        closing answer    | taken       | doNothing   | underWay
        closing answer    | taken, more | doNothing   | underWay
        until close       | start       | refuse      | underWay
        until close       | interim     | giveUp      | underWay
        until close       | head        | giveUp      | underWay
        until close       | end         | waitForMore | answered
        until close       | end, rude   | cutShort    | underWay
        until close       | taken       | doNothing   | underWay
        until close       | taken, more | doNothing   | underWay
        answered          | start       | refuse      | answered
        answered          | interim     | giveUp      | answered
        answered          | head        | giveUp      | answered
        answered          | end         | waitForMore | answered
        answered          | end, rude   | waitForMore | answered
        answered          | taken       | reuse       | idle
        answered          | taken, more | close       | closed
        answered early    | start       | refuse      | answered
        answered early    | interim     | giveUp      | answered
        answered early    | head        | giveUp      | answered
        answered early    | end         | waitForMore | answered
        answered early    | end, rude   | waitForMore | answered
        answered early    | taken       | close       | closed
        answered early    | taken, more | close       | closed
        answered, closing | start       | refuse      | answered
        answered, closing | interim     | giveUp      | answered
        answered, closing | head        | giveUp      | answered
        answered, closing | end         | waitForMore | answered
        answered, closing | end, rude   | waitForMore | answered
        answered, closing | taken       | close       | closed
        answered, closing | taken, more | close       | closed
        closed            | start       | refuse      | closed
        closed            | interim     | ignore      | closed
        closed            | head        | giveUp      | closed
        closed            | end         | waitForMore | closed
        closed            | end, rude   | waitForMore | closed
        closed            | taken       | doNothing   | closed
        closed            | taken, more | doNothing   | closed
        """)

    @Test("every event in every state has the action and the next state of the table")
    func transitions() {
        var seen: Set<TransitionTable.Transition> = []
        for state in Self.states {
            for event in Self.events {
                var machine = state.make()
                let action = event.send(&machine)
                seen.insert(
                    .init(state: state.name, event: event.name, action: action, next: Self.name(machine)))
            }
        }
        for transition in Self.table.transitions where !seen.contains(transition) {
            Issue.record("not so: \(transition)")
        }
        #expect(seen.count == Self.table.transitions.count)
    }

    @Test("a request that is written when its answer is there already leaves a connection that is good")
    func writtenLate() {
        var machine = Self.answered(isWritten: false)
        machine.requestWritten()
        #expect(machine.answerTaken(isClean: true) == .reuse)
        let isIdle = machine.isIdle
        #expect(isIdle)
    }

    @Test("interim answers are counted for each exchange anew")
    func interim() {
        var machine = Self.underWay()
        for _ in 0..<Machine.interimAnswersMax { #expect(machine.interimReceived() == .ignore) }
        #expect(machine.interimReceived() == .giveUp)
        var next = Self.answered()
        _ = next.answerTaken(isClean: true)
        _ = next.requestStarted()
        #expect(next.interimReceived() == .ignore)
    }
}
