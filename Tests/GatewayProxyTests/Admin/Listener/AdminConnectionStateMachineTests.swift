import Testing

@testable import GatewayProxy

@Suite("The state machine of an operator's connection")
struct AdminConnectionStateMachineTests {
    typealias Machine = AdminConnection.StateMachine

    private static let states: [(name: String, make: @Sendable () -> Machine)] = [
        ("receiving", { Machine() }),
        (
            "answering",
            {
                var machine = Machine()
                _ = machine.requestReceived(isLast: false)
                return machine
            }
        ),
        (
            "answering, last",
            {
                var machine = Machine()
                _ = machine.requestReceived(isLast: true)
                return machine
            }
        ),
        (
            "idle",
            {
                var machine = Machine()
                _ = machine.requestReceived(isLast: false)
                _ = machine.answerWritten(next: (false, false), hasBegun: false, isInputOver: false)
                return machine
            }
        ),
        (
            "streaming",
            {
                var machine = Machine()
                _ = machine.requestReceived(isLast: false)
                _ = machine.answerGoesOn()
                return machine
            }
        ),
        (
            "closed",
            {
                var machine = Machine()
                _ = machine.mustEnd()
                return machine
            }
        ),
    ]

    private static let events: [(name: String, send: @Sendable (inout Machine) -> String)] = [
        ("bytes", { "\($0.bytesReceived())" }),
        ("request", { "\($0.requestReceived(isLast: false))" }),
        ("last request", { "\($0.requestReceived(isLast: true))" }),
        ("written", { "\($0.answerWritten(next: (false, false), hasBegun: false, isInputOver: false))" }),
        ("written, next", { "\($0.answerWritten(next: (true, false), hasBegun: true, isInputOver: true))" }),
        ("written, last next", { "\($0.answerWritten(next: (true, true), hasBegun: false, isInputOver: false))" }),
        ("written, begun", { "\($0.answerWritten(next: (false, false), hasBegun: true, isInputOver: false))" }),
        ("written, no more", { "\($0.answerWritten(next: (false, false), hasBegun: true, isInputOver: true))" }),
        ("goes on", { "\($0.answerGoesOn())" }),
        ("input over", { "\($0.inputOver())" }),
        ("must end", { "\($0.mustEnd())" }),
    ]

    private static func name(_ machine: Machine) -> String {
        switch machine.state {
        case .idle: "idle"
        case .receiving: "receiving"
        case .answering(let isLast): isLast ? "answering, last" : "answering"
        case .streaming: "streaming"
        case .closed: "closed"
        }
    }

    private static let table = TransitionTable(
        """
        receiving       | bytes              | doNothing            | receiving
        receiving       | request            | answer               | answering
        receiving       | last request       | answer               | answering, last
        receiving       | written            | doNothing            | receiving
        receiving       | written, next      | doNothing            | receiving
        receiving       | written, last next | doNothing            | receiving
        receiving       | written, begun     | doNothing            | receiving
        receiving       | written, no more   | doNothing            | receiving
        receiving       | goes on            | doNothing            | receiving
        receiving       | input over         | close                | closed
        receiving       | must end           | close                | closed
        answering       | bytes              | doNothing            | answering
        answering       | request            | keepWaiting          | answering
        answering       | last request       | keepWaiting          | answering
        answering       | written            | startIdleDeadline    | idle
        answering       | written, next      | answerNext           | answering
        answering       | written, last next | answerNext           | answering, last
        answering       | written, begun     | startRequestDeadline | receiving
        answering       | written, no more   | close                | closed
        answering       | goes on            | begin                | streaming
        answering       | input over         | finishAnswering      | answering
        answering       | must end           | close                | closed
        answering, last | bytes              | doNothing            | answering, last
        answering, last | request            | keepWaiting          | answering, last
        answering, last | last request       | keepWaiting          | answering, last
        answering, last | written            | close                | closed
        answering, last | written, next      | close                | closed
        answering, last | written, last next | close                | closed
        answering, last | written, begun     | close                | closed
        answering, last | written, no more   | close                | closed
        answering, last | goes on            | begin                | streaming
        answering, last | input over         | finishAnswering      | answering, last
        answering, last | must end           | close                | closed
        idle            | bytes              | startRequestDeadline | receiving
        idle            | request            | answer               | answering
        idle            | last request       | answer               | answering, last
        idle            | written            | doNothing            | idle
        idle            | written, next      | doNothing            | idle
        idle            | written, last next | doNothing            | idle
        idle            | written, begun     | doNothing            | idle
        idle            | written, no more   | doNothing            | idle
        idle            | goes on            | doNothing            | idle
        idle            | input over         | close                | closed
        idle            | must end           | close                | closed
        streaming       | bytes              | doNothing            | streaming
        streaming       | request            | doNothing            | streaming
        streaming       | last request       | doNothing            | streaming
        streaming       | written            | doNothing            | streaming
        streaming       | written, next      | doNothing            | streaming
        streaming       | written, last next | doNothing            | streaming
        streaming       | written, begun     | doNothing            | streaming
        streaming       | written, no more   | doNothing            | streaming
        streaming       | goes on            | doNothing            | streaming
        streaming       | input over         | close                | closed
        streaming       | must end           | close                | closed
        closed          | bytes              | doNothing            | closed
        closed          | request            | doNothing            | closed
        closed          | last request       | doNothing            | closed
        closed          | written            | doNothing            | closed
        closed          | written, next      | doNothing            | closed
        closed          | written, last next | doNothing            | closed
        closed          | written, begun     | doNothing            | closed
        closed          | written, no more   | doNothing            | closed
        closed          | goes on            | doNothing            | closed
        closed          | input over         | doNothing            | closed
        closed          | must end           | doNothing            | closed
        """)

    @Test("every event in every state does what the table says")
    func table() {
        let expected = Dictionary(
            uniqueKeysWithValues: Self.table.transitions.map { ("\($0.state) | \($0.event)", $0) })
        #expect(expected.count == Self.states.count * Self.events.count)
        for state in Self.states {
            for event in Self.events {
                var machine = state.make()
                #expect(Self.name(machine) == state.name)
                let action = event.send(&machine)
                let seen = TransitionTable.Transition(
                    state: state.name, event: event.name, action: action, next: Self.name(machine))
                #expect(expected["\(state.name) | \(event.name)"] == seen)
            }
        }
    }

    @Test("nothing is read while an answer is on its way, or after the end", arguments: states.map(\.name))
    func reading(name: String) throws {
        let state = try #require(Self.states.first { $0.name == name })
        #expect(state.make().wantsToRead == ["receiving", "idle"].contains(name))
    }
}
