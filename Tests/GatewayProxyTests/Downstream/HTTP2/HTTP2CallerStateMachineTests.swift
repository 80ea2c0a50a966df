import Testing

@testable import GatewayProxy

@Suite("The state machine of a caller's HTTP/2 connection")
struct HTTP2CallerStateMachineTests {
    typealias Machine = HTTP2CallerConnection.StateMachine

    /// How each state is reached.
    private static let states: [(name: String, make: @Sendable () -> Machine)] = [
        ("serving(0)", { Self.serving(0) }),
        ("serving(1)", { Self.serving(1) }),
        ("serving(2)", { Self.serving(2) }),
        (
            "draining(0)",
            {
                var machine = Self.serving(0)
                _ = machine.drain()
                return machine
            }
        ),
        ("finishing(1)", { Self.finishing(1) }),
        ("finishing(2)", { Self.finishing(2) }),
        (
            "draining(1)",
            {
                var machine = Self.finishing(1)
                _ = machine.noticeDue()
                return machine
            }
        ),
        ("draining(1, goaway)", { Self.goingAway(1) }),
        ("draining(2, goaway)", { Self.goingAway(2) }),
        (
            "closed",
            {
                var machine = Machine()
                machine.closed()
                return machine
            }
        ),
    ]

    private static func serving(_ streams: Int) -> Machine {
        var machine = Machine()
        for _ in 0..<streams { _ = machine.streamOpened() }
        return machine
    }

    private static func finishing(_ streams: Int) -> Machine {
        var machine = Self.serving(streams)
        _ = machine.drain()
        return machine
    }

    private static func goingAway(_ streams: Int) -> Machine {
        var machine = Self.finishing(streams)
        _ = machine.noticeElapsed()
        return machine
    }

    private static let events: [(name: String, send: @Sendable (inout Machine) -> String)] = [
        ("streamOpened", { $0.streamOpened() ? "take" : "ignore" }),
        ("streamClosed", { "\($0.streamClosed())" }),
        ("drain", { "\($0.drain())" }),
        ("noticeDue", { "\($0.noticeDue())" }),
        ("noticeElapsed", { "\($0.noticeElapsed())" }),
        ("idleElapsed", { "\($0.idleElapsed())" }),
        (
            "closed",
            {
                $0.closed()
                return "-"
            }
        ),
    ]

    /// Which state a machine is in, found by asking it until it is used up.
    private static func name(_ machine: consuming Machine) -> String {
        let streams = machine.openStreams
        switch machine.drain() {
        case .sendShutdownNotice, .putNoticeOff: return "serving(\(streams))"
        case .doNothing: break
        }
        if machine.noticeDue() == .sendShutdownNotice { return "finishing(\(streams))" }
        guard machine.streamOpened() else { return streams == 0 ? "closed" : "?" }
        return machine.noticeElapsed() == .doNothing ? "draining(\(streams), goaway)" : "draining(\(streams))"
    }

    private static let table = TransitionTable(
        """
        serving(0)          | streamOpened  | take                 | serving(1)
        serving(0)          | streamClosed  | startIdleDeadline    | serving(0)
        serving(0)          | drain         | sendShutdownNotice   | draining(0)
        serving(0)          | noticeDue     | doNothing            | serving(0)
        serving(0)          | noticeElapsed | doNothing            | serving(0)
        serving(0)          | idleElapsed   | sendGoAwayAndClose   | closed
        serving(0)          | closed        | -                    | closed
        serving(1)          | streamOpened  | take                 | serving(2)
        serving(1)          | streamClosed  | startIdleDeadline    | serving(0)
        serving(1)          | drain         | putNoticeOff         | finishing(1)
        serving(1)          | noticeDue     | doNothing            | serving(1)
        serving(1)          | noticeElapsed | doNothing            | serving(1)
        serving(1)          | idleElapsed   | doNothing            | serving(1)
        serving(1)          | closed        | -                    | closed
        serving(2)          | streamOpened  | take                 | serving(3)
        serving(2)          | streamClosed  | doNothing            | serving(1)
        serving(2)          | drain         | putNoticeOff         | finishing(2)
        serving(2)          | noticeDue     | doNothing            | serving(2)
        serving(2)          | noticeElapsed | doNothing            | serving(2)
        serving(2)          | idleElapsed   | doNothing            | serving(2)
        serving(2)          | closed        | -                    | closed
        finishing(1)        | streamOpened  | take                 | finishing(2)
        finishing(1)        | streamClosed  | sendShutdownNotice   | draining(0)
        finishing(1)        | drain         | doNothing            | finishing(1)
        finishing(1)        | noticeDue     | sendShutdownNotice   | draining(1)
        finishing(1)        | noticeElapsed | sendGoAway           | draining(1, goaway)
        finishing(1)        | idleElapsed   | doNothing            | finishing(1)
        finishing(1)        | closed        | -                    | closed
        finishing(2)        | streamOpened  | take                 | finishing(3)
        finishing(2)        | streamClosed  | doNothing            | finishing(1)
        finishing(2)        | drain         | doNothing            | finishing(2)
        finishing(2)        | noticeDue     | sendShutdownNotice   | draining(2)
        finishing(2)        | noticeElapsed | sendGoAway           | draining(2, goaway)
        finishing(2)        | idleElapsed   | doNothing            | finishing(2)
        finishing(2)        | closed        | -                    | closed
        draining(0)         | streamOpened  | take                 | draining(1)
        draining(0)         | streamClosed  | doNothing            | draining(0)
        draining(0)         | drain         | doNothing            | draining(0)
        draining(0)         | noticeDue     | doNothing            | draining(0)
        draining(0)         | noticeElapsed | sendGoAwayAndClose   | closed
        draining(0)         | idleElapsed   | closeConnection      | closed
        draining(0)         | closed        | -                    | closed
        draining(1)         | streamOpened  | take                 | draining(2)
        draining(1)         | streamClosed  | doNothing            | draining(0)
        draining(1)         | drain         | doNothing            | draining(1)
        draining(1)         | noticeDue     | doNothing            | draining(1)
        draining(1)         | noticeElapsed | sendGoAway           | draining(1, goaway)
        draining(1)         | idleElapsed   | doNothing            | draining(1)
        draining(1)         | closed        | -                    | closed
        draining(1, goaway) | streamOpened  | take                 | draining(2, goaway)
        draining(1, goaway) | streamClosed  | closeConnection      | closed
        draining(1, goaway) | drain         | doNothing            | draining(1, goaway)
        draining(1, goaway) | noticeDue     | doNothing            | draining(1, goaway)
        draining(1, goaway) | noticeElapsed | doNothing            | draining(1, goaway)
        draining(1, goaway) | idleElapsed   | doNothing            | draining(1, goaway)
        draining(1, goaway) | closed        | -                    | closed
        draining(2, goaway) | streamOpened  | take                 | draining(3, goaway)
        draining(2, goaway) | streamClosed  | doNothing            | draining(1, goaway)
        draining(2, goaway) | drain         | doNothing            | draining(2, goaway)
        draining(2, goaway) | noticeDue     | doNothing            | draining(2, goaway)
        draining(2, goaway) | noticeElapsed | doNothing            | draining(2, goaway)
        draining(2, goaway) | idleElapsed   | doNothing            | draining(2, goaway)
        draining(2, goaway) | closed        | -                    | closed
        closed              | streamOpened  | ignore               | closed
        closed              | streamClosed  | doNothing            | closed
        closed              | drain         | doNothing            | closed
        closed              | noticeDue     | doNothing            | closed
        closed              | noticeElapsed | doNothing            | closed
        closed              | idleElapsed   | closeConnection      | closed
        closed              | closed        | -                    | closed
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
}
