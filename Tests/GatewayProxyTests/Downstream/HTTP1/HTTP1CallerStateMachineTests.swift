import Testing

@testable import GatewayProxy

@Suite("The state machine of an HTTP/1.1 connection")
struct HTTP1CallerStateMachineTests {
    typealias Machine = HTTP1CallerConnection.StateMachine

    /// The events that lead to each state.
    private static let ways: [(state: String, events: [String])] = [
        ("idle", []), ("idle draining", ["head", "end", "answer", "written", "drain"]),
        ("reading", ["bytes"]), ("reading draining", ["bytes", "drain"]),
        ("receiving, awaited", ["head"]), ("receiving, awaited, last", ["last head"]),
        ("receiving, writing", ["head", "answer"]), ("receiving, writing, last", ["head", "answer, long rest"]),
        ("complete, awaited", ["head", "end"]), ("complete, awaited, last", ["last head", "end"]),
        ("complete, writing", ["head", "end", "answer"]),
        ("complete, writing, last", ["last head", "end", "answer"]),
        ("receiving, written", ["head", "answer", "written"]),
        ("receiving, written, last", ["head", "answer, long rest", "written"]),
        ("receiving, open", ["head", "begins"]), ("receiving, open, last", ["last head", "begins"]),
        ("complete, open", ["head", "end", "begins"]), ("complete, open, last", ["head", "end", "begins, last"]),
        ("lingering", ["last head", "end", "answer", "written"]), ("closed", ["closed"]),
    ]

    private static func send(_ event: String, to machine: inout Machine) -> String {
        switch event {
        case "bytes": "\(machine.bytes())"
        case "head": "\(machine.head(isLast: false))"
        case "last head": "\(machine.head(isLast: true))"
        case "body": "\(machine.body())"
        case "end": "\(machine.end())"
        case "malformed": "\(machine.malformed())"
        case "answer": "\(machine.answer(rest: .short))"
        case "answer, long rest": "\(machine.answer(rest: .long))"
        case "answer, no rest": "\(machine.answer(rest: .heldBack))"
        case "begins": "\(machine.answerBegins(endsConnection: false))"
        case "begins, last": "\(machine.answerBegins(endsConnection: true))"
        case "written": "\(machine.written())"
        case "drain": "\(machine.drain())"
        case "deadline": "\(machine.deadline())"
        default:
            {
                machine.closed()
                return "-"
            }()
        }
    }

    private static func name(_ machine: borrowing Machine) -> String {
        switch machine.state {
        case .idle(let isDraining): isDraining ? "idle draining" : "idle"
        case .reading(let isDraining): isDraining ? "reading draining" : "reading"
        case .exchanging(let exchange):
            "\(exchange.request), \(exchange.answer)" + (exchange.isLast ? ", last" : "")
        case .lingering: "lingering"
        case .closed: "closed"
        }
    }

    private static let table = TransitionTable(
        """
        idle                       | bytes             | startHeaderDeadline   | reading
        idle                       | head              | begin                 | receiving, awaited
        idle                       | last head         | begin                 | receiving, awaited, last
        idle                       | body              | discard               | idle
        idle                       | end               | doNothing             | idle
        idle                       | malformed         | refuse                | complete, awaited, last
        idle                       | answer            | doNothing             | idle
        idle                       | answer, long rest | doNothing             | idle
        idle                       | answer, no rest   | doNothing             | idle
        idle                       | written           | doNothing             | idle
        idle                       | drain             | awaitRequest          | idle draining
        idle                       | deadline          | close                 | closed
        idle                       | closed            | -                     | closed
        idle draining              | bytes             | startHeaderDeadline   | reading draining
        idle draining              | head              | begin                 | receiving, awaited, last
        idle draining              | last head         | begin                 | receiving, awaited, last
        idle draining              | body              | discard               | idle draining
        idle draining              | end               | doNothing             | idle draining
        idle draining              | malformed         | refuse                | complete, awaited, last
        idle draining              | answer            | doNothing             | idle draining
        idle draining              | answer, long rest | doNothing             | idle draining
        idle draining              | answer, no rest   | doNothing             | idle draining
        idle draining              | written           | doNothing             | idle draining
        idle draining              | drain             | awaitRequest          | idle draining
        idle draining              | deadline          | close                 | closed
        idle draining              | closed            | -                     | closed
        reading                    | bytes             | doNothing             | reading
        reading                    | head              | begin                 | receiving, awaited
        reading                    | last head         | begin                 | receiving, awaited, last
        reading                    | body              | discard               | reading
        reading                    | end               | doNothing             | reading
        reading                    | malformed         | refuse                | complete, awaited, last
        reading                    | answer            | doNothing             | reading
        reading                    | answer, long rest | doNothing             | reading
        reading                    | answer, no rest   | doNothing             | reading
        reading                    | written           | doNothing             | reading
        reading                    | drain             | doNothing             | reading draining
        reading                    | deadline          | refuseSlowHead        | complete, awaited, last
        reading                    | closed            | -                     | closed
        reading draining           | bytes             | doNothing             | reading draining
        reading draining           | head              | begin                 | receiving, awaited, last
        reading draining           | last head         | begin                 | receiving, awaited, last
        reading draining           | body              | discard               | reading draining
        reading draining           | end               | doNothing             | reading draining
        reading draining           | malformed         | refuse                | complete, awaited, last
        reading draining           | answer            | doNothing             | reading draining
        reading draining           | answer, long rest | doNothing             | reading draining
        reading draining           | answer, no rest   | doNothing             | reading draining
        reading draining           | written           | doNothing             | reading draining
        reading draining           | drain             | doNothing             | reading draining
        reading draining           | deadline          | refuseSlowHead        | complete, awaited, last
        reading draining           | closed            | -                     | closed
        receiving, awaited         | bytes             | doNothing             | receiving, awaited
        receiving, awaited         | head              | discard               | receiving, awaited
        receiving, awaited         | last head         | discard               | receiving, awaited
        receiving, awaited         | body              | take                  | receiving, awaited
        receiving, awaited         | end               | endRequest            | complete, awaited
        receiving, awaited         | malformed         | refuseCurrent         | complete, awaited, last
        receiving, awaited         | answer            | write(isLast: false)  | receiving, writing
        receiving, awaited         | answer, long rest | write(isLast: true)   | receiving, writing, last
        receiving, awaited         | answer, no rest   | write(isLast: true)   | complete, writing, last
        receiving, awaited         | written           | doNothing             | receiving, awaited
        receiving, awaited         | drain             | doNothing             | receiving, awaited, last
        receiving, awaited         | deadline          | doNothing             | receiving, awaited
        receiving, awaited         | closed            | -                     | closed
        receiving, awaited, last   | bytes             | doNothing             | receiving, awaited, last
        receiving, awaited, last   | head              | discard               | receiving, awaited, last
        receiving, awaited, last   | last head         | discard               | receiving, awaited, last
        receiving, awaited, last   | body              | take                  | receiving, awaited, last
        receiving, awaited, last   | end               | endRequest            | complete, awaited, last
        receiving, awaited, last   | malformed         | refuseCurrent         | complete, awaited, last
        receiving, awaited, last   | answer            | write(isLast: true)   | receiving, writing, last
        receiving, awaited, last   | answer, long rest | write(isLast: true)   | receiving, writing, last
        receiving, awaited, last   | answer, no rest   | write(isLast: true)   | complete, writing, last
        receiving, awaited, last   | written           | doNothing             | receiving, awaited, last
        receiving, awaited, last   | drain             | doNothing             | receiving, awaited, last
        receiving, awaited, last   | deadline          | doNothing             | receiving, awaited, last
        receiving, awaited, last   | closed            | -                     | closed
        receiving, writing         | bytes             | doNothing             | receiving, writing
        receiving, writing         | head              | discard               | receiving, writing
        receiving, writing         | last head         | discard               | receiving, writing
        receiving, writing         | body              | discard               | receiving, writing
        receiving, writing         | end               | doNothing             | complete, writing
        receiving, writing         | malformed         | doNothing             | complete, writing, last
        receiving, writing         | answer            | doNothing             | receiving, writing
        receiving, writing         | answer, long rest | doNothing             | receiving, writing
        receiving, writing         | answer, no rest   | doNothing             | receiving, writing
        receiving, writing         | written           | awaitRest             | receiving, written
        receiving, writing         | drain             | doNothing             | receiving, writing, last
        receiving, writing         | deadline          | doNothing             | receiving, writing
        receiving, writing         | closed            | -                     | closed
        receiving, writing, last   | bytes             | doNothing             | receiving, writing, last
        receiving, writing, last   | head              | discard               | receiving, writing, last
        receiving, writing, last   | last head         | discard               | receiving, writing, last
        receiving, writing, last   | body              | discard               | receiving, writing, last
        receiving, writing, last   | end               | doNothing             | complete, writing, last
        receiving, writing, last   | malformed         | doNothing             | complete, writing, last
        receiving, writing, last   | answer            | doNothing             | receiving, writing, last
        receiving, writing, last   | answer, long rest | doNothing             | receiving, writing, last
        receiving, writing, last   | answer, no rest   | doNothing             | receiving, writing, last
        receiving, writing, last   | written           | awaitRest             | receiving, written, last
        receiving, writing, last   | drain             | doNothing             | receiving, writing, last
        receiving, writing, last   | deadline          | doNothing             | receiving, writing, last
        receiving, writing, last   | closed            | -                     | closed
        complete, awaited          | bytes             | doNothing             | complete, awaited
        complete, awaited          | head              | discard               | complete, awaited
        complete, awaited          | last head         | discard               | complete, awaited
        complete, awaited          | body              | discard               | complete, awaited
        complete, awaited          | end               | doNothing             | complete, awaited
        complete, awaited          | malformed         | refuseCurrent         | complete, awaited, last
        complete, awaited          | answer            | write(isLast: false)  | complete, writing
        complete, awaited          | answer, long rest | write(isLast: false)  | complete, writing
        complete, awaited          | answer, no rest   | write(isLast: false)  | complete, writing
        complete, awaited          | written           | doNothing             | complete, awaited
        complete, awaited          | drain             | doNothing             | complete, awaited, last
        complete, awaited          | deadline          | doNothing             | complete, awaited
        complete, awaited          | closed            | -                     | closed
        complete, awaited, last    | bytes             | doNothing             | complete, awaited, last
        complete, awaited, last    | head              | discard               | complete, awaited, last
        complete, awaited, last    | last head         | discard               | complete, awaited, last
        complete, awaited, last    | body              | discard               | complete, awaited, last
        complete, awaited, last    | end               | doNothing             | complete, awaited, last
        complete, awaited, last    | malformed         | refuseCurrent         | complete, awaited, last
        complete, awaited, last    | answer            | write(isLast: true)   | complete, writing, last
        complete, awaited, last    | answer, long rest | write(isLast: true)   | complete, writing, last
        complete, awaited, last    | answer, no rest   | write(isLast: true)   | complete, writing, last
        complete, awaited, last    | written           | doNothing             | complete, awaited, last
        complete, awaited, last    | drain             | doNothing             | complete, awaited, last
        complete, awaited, last    | deadline          | doNothing             | complete, awaited, last
        complete, awaited, last    | closed            | -                     | closed
        complete, writing          | bytes             | doNothing             | complete, writing
        complete, writing          | head              | discard               | complete, writing
        complete, writing          | last head         | discard               | complete, writing
        complete, writing          | body              | discard               | complete, writing
        complete, writing          | end               | doNothing             | complete, writing
        complete, writing          | malformed         | doNothing             | complete, writing, last
        complete, writing          | answer            | doNothing             | complete, writing
        complete, writing          | answer, long rest | doNothing             | complete, writing
        complete, writing          | answer, no rest   | doNothing             | complete, writing
        complete, writing          | written           | next                  | idle
        complete, writing          | drain             | doNothing             | complete, writing, last
        complete, writing          | deadline          | doNothing             | complete, writing
        complete, writing          | closed            | -                     | closed
        complete, writing, last    | bytes             | doNothing             | complete, writing, last
        complete, writing, last    | head              | discard               | complete, writing, last
        complete, writing, last    | last head         | discard               | complete, writing, last
        complete, writing, last    | body              | discard               | complete, writing, last
        complete, writing, last    | end               | doNothing             | complete, writing, last
        complete, writing, last    | malformed         | doNothing             | complete, writing, last
        complete, writing, last    | answer            | doNothing             | complete, writing, last
        complete, writing, last    | answer, long rest | doNothing             | complete, writing, last
        complete, writing, last    | answer, no rest   | doNothing             | complete, writing, last
        complete, writing, last    | written           | linger                | lingering
        complete, writing, last    | drain             | doNothing             | complete, writing, last
        complete, writing, last    | deadline          | doNothing             | complete, writing, last
        complete, writing, last    | closed            | -                     | closed
        receiving, written         | bytes             | doNothing             | receiving, written
        receiving, written         | head              | discard               | receiving, written
        receiving, written         | last head         | discard               | receiving, written
        receiving, written         | body              | discard               | receiving, written
        receiving, written         | end               | next                  | idle
        receiving, written         | malformed         | linger                | lingering
        receiving, written         | answer            | doNothing             | receiving, written
        receiving, written         | answer, long rest | doNothing             | receiving, written
        receiving, written         | answer, no rest   | doNothing             | receiving, written
        receiving, written         | written           | doNothing             | receiving, written
        receiving, written         | drain             | doNothing             | receiving, written, last
        receiving, written         | deadline          | linger                | lingering
        receiving, written         | closed            | -                     | closed
        receiving, written, last   | bytes             | doNothing             | receiving, written, last
        receiving, written, last   | head              | discard               | receiving, written, last
        receiving, written, last   | last head         | discard               | receiving, written, last
        receiving, written, last   | body              | discard               | receiving, written, last
        receiving, written, last   | end               | linger                | lingering
        receiving, written, last   | malformed         | linger                | lingering
        receiving, written, last   | answer            | doNothing             | receiving, written, last
        receiving, written, last   | answer, long rest | doNothing             | receiving, written, last
        receiving, written, last   | answer, no rest   | doNothing             | receiving, written, last
        receiving, written, last   | written           | doNothing             | receiving, written, last
        receiving, written, last   | drain             | doNothing             | receiving, written, last
        receiving, written, last   | deadline          | linger                | lingering
        receiving, written, last   | closed            | -                     | closed
        lingering                  | bytes             | doNothing             | lingering
        lingering                  | head              | discard               | lingering
        lingering                  | last head         | discard               | lingering
        lingering                  | body              | discard               | lingering
        lingering                  | end               | doNothing             | lingering
        lingering                  | malformed         | doNothing             | lingering
        lingering                  | answer            | doNothing             | lingering
        lingering                  | answer, long rest | doNothing             | lingering
        lingering                  | answer, no rest   | doNothing             | lingering
        lingering                  | written           | doNothing             | lingering
        lingering                  | drain             | doNothing             | lingering
        lingering                  | deadline          | close                 | closed
        lingering                  | closed            | -                     | closed
        closed                     | bytes             | doNothing             | closed
        closed                     | head              | discard               | closed
        closed                     | last head         | discard               | closed
        closed                     | body              | discard               | closed
        closed                     | end               | doNothing             | closed
        closed                     | malformed         | doNothing             | closed
        closed                     | answer            | doNothing             | closed
        closed                     | answer, long rest | doNothing             | closed
        closed                     | answer, no rest   | doNothing             | closed
        closed                     | written           | doNothing             | closed
        closed                     | drain             | doNothing             | closed
        closed                     | deadline          | doNothing             | closed
        closed                     | closed            | -                     | closed
        idle | begins | doNothing | idle
        idle | begins, last | doNothing | idle
        idle draining | begins | doNothing | idle draining
        idle draining | begins, last | doNothing | idle draining
        reading | begins | doNothing | reading
        reading | begins, last | doNothing | reading
        reading draining | begins | doNothing | reading draining
        reading draining | begins, last | doNothing | reading draining
        receiving, awaited | begins | write(isLast: false) | receiving, open
        receiving, awaited | begins, last | write(isLast: true) | receiving, open, last
        receiving, awaited, last | begins | write(isLast: true) | receiving, open, last
        receiving, awaited, last | begins, last | write(isLast: true) | receiving, open, last
        receiving, writing | begins | doNothing | receiving, writing
        receiving, writing | begins, last | doNothing | receiving, writing
        receiving, writing, last | begins | doNothing | receiving, writing, last
        receiving, writing, last | begins, last | doNothing | receiving, writing, last
        complete, awaited | begins | write(isLast: false) | complete, open
        complete, awaited | begins, last | write(isLast: true) | complete, open, last
        complete, awaited, last | begins | write(isLast: true) | complete, open, last
        complete, awaited, last | begins, last | write(isLast: true) | complete, open, last
        complete, writing | begins | doNothing | complete, writing
        complete, writing | begins, last | doNothing | complete, writing
        complete, writing, last | begins | doNothing | complete, writing, last
        complete, writing, last | begins, last | doNothing | complete, writing, last
        receiving, written | begins | doNothing | receiving, written
        receiving, written | begins, last | doNothing | receiving, written
        receiving, written, last | begins | doNothing | receiving, written, last
        receiving, written, last | begins, last | doNothing | receiving, written, last
        lingering | begins | doNothing | lingering
        lingering | begins, last | doNothing | lingering
        closed | begins | doNothing | closed
        closed | begins, last | doNothing | closed
        receiving, open | bytes | doNothing | receiving, open
        receiving, open | head | discard | receiving, open
        receiving, open | last head | discard | receiving, open
        receiving, open | body | take | receiving, open
        receiving, open | end | endRequest | complete, open
        receiving, open | malformed | refuseCurrent | complete, open, last
        receiving, open | answer | write(isLast: false) | receiving, writing
        receiving, open | answer, long rest | write(isLast: true) | receiving, writing, last
        receiving, open | answer, no rest | write(isLast: true) | complete, writing, last
        receiving, open | written | doNothing | receiving, open
        receiving, open | drain | doNothing | receiving, open, last
        receiving, open | deadline | doNothing | receiving, open
        receiving, open | closed | - | closed
        receiving, open | begins | doNothing | receiving, open
        receiving, open | begins, last | doNothing | receiving, open
        complete, open | bytes | doNothing | complete, open
        complete, open | head | discard | complete, open
        complete, open | last head | discard | complete, open
        complete, open | body | discard | complete, open
        complete, open | end | doNothing | complete, open
        complete, open | malformed | refuseCurrent | complete, open, last
        complete, open | answer | write(isLast: false) | complete, writing
        complete, open | answer, long rest | write(isLast: false) | complete, writing
        complete, open | answer, no rest | write(isLast: false) | complete, writing
        complete, open | written | doNothing | complete, open
        complete, open | drain | doNothing | complete, open, last
        complete, open | deadline | doNothing | complete, open
        complete, open | closed | - | closed
        complete, open | begins | doNothing | complete, open
        complete, open | begins, last | doNothing | complete, open
        receiving, open, last | bytes | doNothing | receiving, open, last
        receiving, open, last | head | discard | receiving, open, last
        receiving, open, last | last head | discard | receiving, open, last
        receiving, open, last | body | take | receiving, open, last
        receiving, open, last | end | endRequest | complete, open, last
        receiving, open, last | malformed | refuseCurrent | complete, open, last
        receiving, open, last | answer | write(isLast: true) | receiving, writing, last
        receiving, open, last | answer, long rest | write(isLast: true) | receiving, writing, last
        receiving, open, last | answer, no rest | write(isLast: true) | complete, writing, last
        receiving, open, last | written | doNothing | receiving, open, last
        receiving, open, last | drain | doNothing | receiving, open, last
        receiving, open, last | deadline | doNothing | receiving, open, last
        receiving, open, last | closed | - | closed
        receiving, open, last | begins | doNothing | receiving, open, last
        receiving, open, last | begins, last | doNothing | receiving, open, last
        complete, open, last | bytes | doNothing | complete, open, last
        complete, open, last | head | discard | complete, open, last
        complete, open, last | last head | discard | complete, open, last
        complete, open, last | body | discard | complete, open, last
        complete, open, last | end | doNothing | complete, open, last
        complete, open, last | malformed | refuseCurrent | complete, open, last
        complete, open, last | answer | write(isLast: true) | complete, writing, last
        complete, open, last | answer, long rest | write(isLast: true) | complete, writing, last
        complete, open, last | answer, no rest | write(isLast: true) | complete, writing, last
        complete, open, last | written | doNothing | complete, open, last
        complete, open, last | drain | doNothing | complete, open, last
        complete, open, last | deadline | doNothing | complete, open, last
        complete, open, last | closed | - | closed
        complete, open, last | begins | doNothing | complete, open, last
        complete, open, last | begins, last | doNothing | complete, open, last
        """)

    @Test("every event in every state brings the action and the state of the table")
    func transitions() {
        #expect(Self.table.transitions.count == Self.ways.count * 15)
        for transition in Self.table.transitions {
            guard let way = Self.ways.first(where: { $0.state == transition.state }) else {
                Issue.record("nothing leads to \(transition.state)")
                continue
            }
            var machine = Machine()
            for event in way.events { _ = Self.send(event, to: &machine) }
            #expect(Self.name(machine) == transition.state)
            let action = Self.send(transition.event, to: &machine)
            #expect(
                TransitionTable.Transition(
                    state: transition.state, event: transition.event, action: action, next: Self.name(machine))
                    == transition)
        }
    }

    @Test("only what comes behind a complete request waits")
    func busy() {
        for way in Self.ways {
            var machine = Machine()
            for event in way.events { _ = Self.send(event, to: &machine) }
            #expect(machine.isBusy == way.state.hasPrefix("complete"), "\(way.state)")
        }
    }
}
