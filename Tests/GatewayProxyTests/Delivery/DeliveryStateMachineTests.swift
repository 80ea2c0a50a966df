import Testing

@testable import GatewayProxy

@Suite("The state machine of a delivery")
struct DeliveryStateMachineTests {
    typealias Machine = Delivery.StateMachine

    private static func machine(readsFirst: Bool = false, _ change: (inout Machine) -> Void = { _ in }) -> Machine {
        var machine = Machine()
        _ = machine.start(readsFirst: readsFirst)
        change(&machine)
        return machine
    }

    /// A failed attempt, which is repeated unless it has timed out.
    private static func fail(_ machine: inout Machine, _ failure: AttemptFailure) -> Machine.OnFailure {
        machine.failed(
            mayHaveActed: !failure.isBeforeProcessing, pauseNanoseconds: failure == .timedOut ? nil : 50)
    }

    /// How each state is reached; the phase behind a slash.
    private static let states: [(name: String, make: @Sendable () -> Machine)] = [
        ("idle/writing", { Self.machine() }),
        ("idle/reading", { Self.machine(readsFirst: true) }),
        ("awaitingTurn/reading", { Self.machine(readsFirst: true) { $0.turnAwaited() } }),
        ("awaitingToken/writing", { Self.machine { $0.tokenAwaited() } }),
        ("awaitingToken/reading", { Self.machine(readsFirst: true) { $0.tokenAwaited() } }),
        ("awaitingPermit/writing", { Self.machine { $0.permitAwaited() } }),
        ("awaitingGate/writing", { Self.machine { $0.gateAwaited() } }),
        ("awaitingGate/reading", { Self.machine(readsFirst: true) { $0.gateAwaited() } }),
        ("probing/writing", { Self.machine { $0.probeStarted() } }),
        ("attempting/writing", { Self.machine { $0.attemptStarted() } }),
        ("attempting/reading", { Self.machine(readsFirst: true) { $0.attemptStarted() } }),
        (
            "attempting/writing after reading",
            {
                Self.machine(readsFirst: true) {
                    $0.attemptStarted()
                    _ = $0.answered(status: 200, mayRenewToken: false, hasVersion: false)
                    $0.merged()
                    $0.attemptStarted()
                }
            }
        ),
        (
            "pausing/writing",
            {
                Self.machine {
                    $0.attemptStarted()
                    _ = Self.fail(&$0, .refused)
                }
            }
        ),
        (
            "pausing/reading",
            {
                Self.machine(readsFirst: true) {
                    $0.attemptStarted()
                    _ = Self.fail(&$0, .refused)
                }
            }
        ),
        ("finished/writing", { Self.machine { _ = $0.finished() } }),
    ]

    private static let events: [(name: String, send: @Sendable (inout Machine) -> String)] = [
        ("turn", { "\($0.turnArrived())" }),
        ("token", { "\($0.tokenArrived())" }),
        ("gate opened", { "\($0.gateOpened())" }),
        ("gate shut", { "\($0.gateShut())" }),
        ("probe over", { "\($0.probeEnded())" }),
        ("permit", { "\($0.permitArrived())" }),
        ("200", { "\($0.answered(status: 200, mayRenewToken: true, hasVersion: true))" }),
        ("401", { "\($0.answered(status: 401, mayRenewToken: true, hasVersion: true))" }),
        ("412", { "\($0.answered(status: 412, mayRenewToken: false, hasVersion: true))" }),
        ("lost", { "\(Self.fail(&$0, .endedWithoutAnswer(reason: "")))" }),
        ("timed out", { "\(Self.fail(&$0, .timedOut))" }),
        ("deadline", { "\($0.deadline())" }),
        ("caller left", { "\($0.callerLeft())" }),
        ("cut", { "\($0.cut())" }),
        ("finished", { "\($0.finished())" }),
    ]

    private static let table = TransitionTable(
        """
        idle/writing                     | turn        | giveBack               | idle/writing
        idle/writing                     | token       | doNothing              | idle/writing
        idle/writing                     | permit      | doNothing              | idle/writing
        idle/writing                     | gate opened | giveBack               | idle/writing
        idle/writing                     | gate shut   | false                  | idle/writing
        idle/writing                     | probe over  | false                  | idle/writing
        idle/writing                     | 200         | doNothing              | idle/writing
        idle/writing                     | 401         | doNothing              | idle/writing
        idle/writing                     | 412         | doNothing              | idle/writing
        idle/writing                     | lost        | doNothing              | idle/writing
        idle/writing                     | timed out   | doNothing              | idle/writing
        idle/writing                     | deadline    | doNothing              | idle/writing
        idle/writing                     | caller left | doNothing              | idle/writing
        idle/writing                     | cut         | finish                 | idle/writing
        idle/writing                     | finished    | true                   | finished/writing
        idle/reading                     | turn        | giveBack               | idle/reading
        idle/reading                     | token       | doNothing              | idle/reading
        idle/reading                     | permit      | doNothing              | idle/reading
        idle/reading                     | gate opened | giveBack               | idle/reading
        idle/reading                     | gate shut   | false                  | idle/reading
        idle/reading                     | probe over  | false                  | idle/reading
        idle/reading                     | 200         | doNothing              | idle/reading
        idle/reading                     | 401         | doNothing              | idle/reading
        idle/reading                     | 412         | doNothing              | idle/reading
        idle/reading                     | lost        | doNothing              | idle/reading
        idle/reading                     | timed out   | doNothing              | idle/reading
        idle/reading                     | deadline    | doNothing              | idle/reading
        idle/reading                     | caller left | doNothing              | idle/reading
        idle/reading                     | cut         | finish                 | idle/reading
        idle/reading                     | finished    | true                   | finished/reading
        awaitingTurn/reading             | turn        | authorise              | idle/reading
        awaitingTurn/reading             | token       | doNothing              | awaitingTurn/reading
        awaitingTurn/reading             | permit      | doNothing              | awaitingTurn/reading
        awaitingTurn/reading             | gate opened | giveBack               | awaitingTurn/reading
        awaitingTurn/reading             | gate shut   | false                  | awaitingTurn/reading
        awaitingTurn/reading             | probe over  | false                  | awaitingTurn/reading
        awaitingTurn/reading             | 200         | doNothing              | awaitingTurn/reading
        awaitingTurn/reading             | 401         | doNothing              | awaitingTurn/reading
        awaitingTurn/reading             | 412         | doNothing              | awaitingTurn/reading
        awaitingTurn/reading             | lost        | doNothing              | awaitingTurn/reading
        awaitingTurn/reading             | timed out   | doNothing              | awaitingTurn/reading
        awaitingTurn/reading             | deadline    | giveUpTurn             | awaitingTurn/reading
        awaitingTurn/reading             | caller left | finish                 | awaitingTurn/reading
        awaitingTurn/reading             | cut         | finish                 | awaitingTurn/reading
        awaitingTurn/reading             | finished    | true                   | finished/reading
        awaitingToken/writing            | turn        | giveBack               | awaitingToken/writing
        awaitingToken/writing            | token       | attempt                | idle/writing
        awaitingToken/writing            | permit      | doNothing              | awaitingToken/writing
        awaitingToken/writing            | gate opened | giveBack               | awaitingToken/writing
        awaitingToken/writing            | gate shut   | false                  | awaitingToken/writing
        awaitingToken/writing            | probe over  | false                  | awaitingToken/writing
        awaitingToken/writing            | 200         | doNothing              | awaitingToken/writing
        awaitingToken/writing            | 401         | doNothing              | awaitingToken/writing
        awaitingToken/writing            | 412         | doNothing              | awaitingToken/writing
        awaitingToken/writing            | lost        | doNothing              | awaitingToken/writing
        awaitingToken/writing            | timed out   | doNothing              | awaitingToken/writing
        awaitingToken/writing            | deadline    | giveUpToken            | awaitingToken/writing
        awaitingToken/writing            | caller left | finish                 | awaitingToken/writing
        awaitingToken/writing            | cut         | finish                 | awaitingToken/writing
        awaitingToken/writing            | finished    | true                   | finished/writing
        awaitingToken/reading            | turn        | giveBack               | awaitingToken/reading
        awaitingToken/reading            | token       | attempt                | idle/reading
        awaitingToken/reading            | permit      | doNothing              | awaitingToken/reading
        awaitingToken/reading            | gate opened | giveBack               | awaitingToken/reading
        awaitingToken/reading            | gate shut   | false                  | awaitingToken/reading
        awaitingToken/reading            | probe over  | false                  | awaitingToken/reading
        awaitingToken/reading            | 200         | doNothing              | awaitingToken/reading
        awaitingToken/reading            | 401         | doNothing              | awaitingToken/reading
        awaitingToken/reading            | 412         | doNothing              | awaitingToken/reading
        awaitingToken/reading            | lost        | doNothing              | awaitingToken/reading
        awaitingToken/reading            | timed out   | doNothing              | awaitingToken/reading
        awaitingToken/reading            | deadline    | giveUpToken            | awaitingToken/reading
        awaitingToken/reading            | caller left | finish                 | awaitingToken/reading
        awaitingToken/reading            | cut         | finish                 | awaitingToken/reading
        awaitingToken/reading            | finished    | true                   | finished/reading
        awaitingPermit/writing           | turn        | giveBack               | awaitingPermit/writing
        awaitingPermit/writing           | token       | doNothing              | awaitingPermit/writing
        awaitingPermit/writing           | permit      | attempt                | idle/writing
        awaitingPermit/writing           | gate opened | giveBack               | awaitingPermit/writing
        awaitingPermit/writing           | gate shut   | false                  | awaitingPermit/writing
        awaitingPermit/writing           | probe over  | false                  | awaitingPermit/writing
        awaitingPermit/writing           | 200         | doNothing              | awaitingPermit/writing
        awaitingPermit/writing           | 401         | doNothing              | awaitingPermit/writing
        awaitingPermit/writing           | 412         | doNothing              | awaitingPermit/writing
        awaitingPermit/writing           | lost        | doNothing              | awaitingPermit/writing
        awaitingPermit/writing           | timed out   | doNothing              | awaitingPermit/writing
        awaitingPermit/writing           | deadline    | giveUpPermit           | awaitingPermit/writing
        awaitingPermit/writing           | caller left | finish                 | awaitingPermit/writing
        awaitingPermit/writing           | cut         | finish                 | awaitingPermit/writing
        awaitingPermit/writing           | finished    | true                   | finished/writing
        awaitingGate/writing             | turn        | giveBack               | awaitingGate/writing
        awaitingGate/writing             | token       | doNothing              | awaitingGate/writing
        awaitingGate/writing             | permit      | doNothing              | awaitingGate/writing
        awaitingGate/writing             | gate opened | attempt                | idle/writing
        awaitingGate/writing             | gate shut   | true                   | idle/writing
        awaitingGate/writing             | probe over  | false                  | awaitingGate/writing
        awaitingGate/writing             | 200         | doNothing              | awaitingGate/writing
        awaitingGate/writing             | 401         | doNothing              | awaitingGate/writing
        awaitingGate/writing             | 412         | doNothing              | awaitingGate/writing
        awaitingGate/writing             | lost        | doNothing              | awaitingGate/writing
        awaitingGate/writing             | timed out   | doNothing              | awaitingGate/writing
        awaitingGate/writing             | deadline    | giveUpGate             | awaitingGate/writing
        awaitingGate/writing             | caller left | finish                 | awaitingGate/writing
        awaitingGate/writing             | cut         | finish                 | awaitingGate/writing
        awaitingGate/writing             | finished    | true                   | finished/writing
        awaitingGate/reading             | turn        | giveBack               | awaitingGate/reading
        awaitingGate/reading             | token       | doNothing              | awaitingGate/reading
        awaitingGate/reading             | permit      | doNothing              | awaitingGate/reading
        awaitingGate/reading             | gate opened | attempt                | idle/reading
        awaitingGate/reading             | gate shut   | true                   | idle/reading
        awaitingGate/reading             | probe over  | false                  | awaitingGate/reading
        awaitingGate/reading             | 200         | doNothing              | awaitingGate/reading
        awaitingGate/reading             | 401         | doNothing              | awaitingGate/reading
        awaitingGate/reading             | 412         | doNothing              | awaitingGate/reading
        awaitingGate/reading             | lost        | doNothing              | awaitingGate/reading
        awaitingGate/reading             | timed out   | doNothing              | awaitingGate/reading
        awaitingGate/reading             | deadline    | giveUpGate             | awaitingGate/reading
        awaitingGate/reading             | caller left | finish                 | awaitingGate/reading
        awaitingGate/reading             | cut         | finish                 | awaitingGate/reading
        awaitingGate/reading             | finished    | true                   | finished/reading
        probing/writing                  | turn        | giveBack               | probing/writing
        probing/writing                  | token       | doNothing              | probing/writing
        probing/writing                  | permit      | doNothing              | probing/writing
        probing/writing                  | gate opened | giveBack               | probing/writing
        probing/writing                  | gate shut   | false                  | probing/writing
        probing/writing                  | probe over  | true                   | idle/writing
        probing/writing                  | 200         | doNothing              | probing/writing
        probing/writing                  | 401         | doNothing              | probing/writing
        probing/writing                  | 412         | doNothing              | probing/writing
        probing/writing                  | lost        | doNothing              | probing/writing
        probing/writing                  | timed out   | doNothing              | probing/writing
        probing/writing                  | deadline    | doNothing              | probing/writing
        probing/writing                  | caller left | finishIfUnsent         | probing/writing
        probing/writing                  | cut         | finish                 | probing/writing
        probing/writing                  | finished    | true                   | finished/writing
        attempting/writing               | turn        | giveBack               | attempting/writing
        attempting/writing               | token       | doNothing              | attempting/writing
        attempting/writing               | permit      | doNothing              | attempting/writing
        attempting/writing               | gate opened | giveBack               | attempting/writing
        attempting/writing               | gate shut   | false                  | attempting/writing
        attempting/writing               | probe over  | false                  | attempting/writing
        attempting/writing               | 200         | fold                   | idle/writing
        attempting/writing               | 401         | renewToken             | idle/writing
        attempting/writing               | 412         | readAgain              | idle/reading
        attempting/writing               | lost        | pause(nanoseconds: 50) | pausing/writing
        attempting/writing               | timed out   | finish                 | idle/writing
        attempting/writing               | deadline    | doNothing              | attempting/writing
        attempting/writing               | caller left | finishIfUnsent         | attempting/writing
        attempting/writing               | cut         | finishUnlessUnsent     | attempting/writing
        attempting/writing               | finished    | true                   | finished/writing
        attempting/reading               | turn        | giveBack               | attempting/reading
        attempting/reading               | token       | doNothing              | attempting/reading
        attempting/reading               | permit      | doNothing              | attempting/reading
        attempting/reading               | gate opened | giveBack               | attempting/reading
        attempting/reading               | gate shut   | false                  | attempting/reading
        attempting/reading               | probe over  | false                  | attempting/reading
        attempting/reading               | 200         | merge                  | idle/reading
        attempting/reading               | 401         | renewToken             | idle/reading
        attempting/reading               | 412         | merge                  | idle/reading
        attempting/reading               | lost        | pause(nanoseconds: 50) | pausing/reading
        attempting/reading               | timed out   | finish                 | idle/reading
        attempting/reading               | deadline    | doNothing              | attempting/reading
        attempting/reading               | caller left | finishIfUnsent         | attempting/reading
        attempting/reading               | cut         | finish                 | attempting/reading
        attempting/reading               | finished    | true                   | finished/reading
        attempting/writing after reading | turn        | giveBack               | attempting/writing
        attempting/writing after reading | token       | doNothing              | attempting/writing
        attempting/writing after reading | permit      | doNothing              | attempting/writing
        attempting/writing after reading | gate opened | giveBack               | attempting/writing
        attempting/writing after reading | gate shut   | false                  | attempting/writing
        attempting/writing after reading | probe over  | false                  | attempting/writing
        attempting/writing after reading | 200         | fold                   | idle/writing
        attempting/writing after reading | 401         | renewToken             | idle/writing
        attempting/writing after reading | 412         | readAgain              | idle/reading
        attempting/writing after reading | lost        | pause(nanoseconds: 50) | pausing/writing
        attempting/writing after reading | timed out   | finish                 | idle/writing
        attempting/writing after reading | deadline    | doNothing              | attempting/writing
        attempting/writing after reading | caller left | finishIfUnsent         | attempting/writing
        attempting/writing after reading | cut         | finishUnlessUnsent     | attempting/writing
        attempting/writing after reading | finished    | true                   | finished/writing
        pausing/writing                  | turn        | giveBack               | pausing/writing
        pausing/writing                  | token       | doNothing              | pausing/writing
        pausing/writing                  | permit      | doNothing              | pausing/writing
        pausing/writing                  | gate opened | giveBack               | pausing/writing
        pausing/writing                  | gate shut   | false                  | pausing/writing
        pausing/writing                  | probe over  | false                  | pausing/writing
        pausing/writing                  | 200         | doNothing              | pausing/writing
        pausing/writing                  | 401         | doNothing              | pausing/writing
        pausing/writing                  | 412         | doNothing              | pausing/writing
        pausing/writing                  | lost        | doNothing              | pausing/writing
        pausing/writing                  | timed out   | doNothing              | pausing/writing
        pausing/writing                  | deadline    | authorise              | idle/writing
        pausing/writing                  | caller left | finish                 | pausing/writing
        pausing/writing                  | cut         | finish                 | pausing/writing
        pausing/writing                  | finished    | true                   | finished/writing
        pausing/reading                  | turn        | giveBack               | pausing/reading
        pausing/reading                  | token       | doNothing              | pausing/reading
        pausing/reading                  | permit      | doNothing              | pausing/reading
        pausing/reading                  | gate opened | giveBack               | pausing/reading
        pausing/reading                  | gate shut   | false                  | pausing/reading
        pausing/reading                  | probe over  | false                  | pausing/reading
        pausing/reading                  | 200         | doNothing              | pausing/reading
        pausing/reading                  | 401         | doNothing              | pausing/reading
        pausing/reading                  | 412         | doNothing              | pausing/reading
        pausing/reading                  | lost        | doNothing              | pausing/reading
        pausing/reading                  | timed out   | doNothing              | pausing/reading
        pausing/reading                  | deadline    | authorise              | idle/reading
        pausing/reading                  | caller left | finish                 | pausing/reading
        pausing/reading                  | cut         | finish                 | pausing/reading
        pausing/reading                  | finished    | true                   | finished/reading
        finished/writing                 | turn        | giveBack               | finished/writing
        finished/writing                 | token       | doNothing              | finished/writing
        finished/writing                 | permit      | doNothing              | finished/writing
        finished/writing                 | gate opened | giveBack               | finished/writing
        finished/writing                 | gate shut   | false                  | finished/writing
        finished/writing                 | probe over  | false                  | finished/writing
        finished/writing                 | 200         | doNothing              | finished/writing
        finished/writing                 | 401         | doNothing              | finished/writing
        finished/writing                 | 412         | doNothing              | finished/writing
        finished/writing                 | lost        | doNothing              | finished/writing
        finished/writing                 | timed out   | doNothing              | finished/writing
        finished/writing                 | deadline    | doNothing              | finished/writing
        finished/writing                 | caller left | doNothing              | finished/writing
        finished/writing                 | cut         | doNothing              | finished/writing
        finished/writing                 | finished    | false                  | finished/writing
        """)

    private static func name(_ machine: Machine) -> String { "\(machine.state)/\(machine.phase)" }

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

    @Test("only a write that was sent and not answered may have acted", arguments: [true, false])
    func mayHaveActed(isReading: Bool) {
        for failure: AttemptFailure in [.refused, .queueFull, .notConnected(reason: ""), .timedOutBeforeSending] {
            var machine = Self.machine(readsFirst: isReading) { $0.attemptStarted() }
            _ = Self.fail(&machine, failure)
            #expect(!machine.mayHaveActed)
        }
        for failure: AttemptFailure in [.timedOut, .endedWithoutAnswer(reason: ""), .answerTooLarge(status: 200)] {
            var machine = Self.machine(readsFirst: isReading) { $0.attemptStarted() }
            _ = Self.fail(&machine, failure)
            #expect(machine.mayHaveActed == !isReading)
        }
    }

    @Test("a write that is repeated at a vendor that replaces is preceded by another read")
    func readAgain() {
        var machine = Self.machine(readsFirst: true) {
            $0.attemptStarted()
            _ = $0.answered(status: 200, mayRenewToken: false, hasVersion: false)
            $0.merged()
            $0.attemptStarted()
        }
        #expect(Self.fail(&machine, .endedWithoutAnswer(reason: "")) == .pause(nanoseconds: 50))
        #expect(machine.deadline() == .authorise)
        #expect(machine.phase == .reading)
    }

    @Test("a product that changes again and again is read again twice, then the vendor's refusal is told")
    func changing() {
        var machine = Self.machine(readsFirst: true)
        var decisions: [Machine.OnAnswer] = []
        for _ in 0..<3 {
            machine.attemptStarted()
            _ = machine.answered(status: 200, mayRenewToken: false, hasVersion: false)
            machine.merged()
            machine.attemptStarted()
            decisions.append(machine.answered(status: 412, mayRenewToken: false, hasVersion: true))
        }
        #expect(decisions == [.readAgain, .readAgain, .fold])
    }

    @Test("reading and writing have their tries each, and a repeated write does not begin anew")
    func tries() {
        var machine = Self.machine(readsFirst: true)
        for write in 1...3 {
            machine.attemptStarted()
            #expect(machine.tries == 1, "every read has its own")
            _ = machine.answered(status: 200, mayRenewToken: false, hasVersion: false)
            machine.merged()
            machine.attemptStarted()
            #expect(machine.tries == write)
            #expect(Self.fail(&machine, .endedWithoutAnswer(reason: "")) == .pause(nanoseconds: 50))
            _ = machine.deadline()
        }
    }

    @Test("what became of a change is looked up once, and the lookup changes nothing")
    func lookup() {
        var machine = Self.machine {
            $0.attemptStarted()
            _ = $0.failed(mayHaveActed: true, pauseNanoseconds: nil)
        }
        #expect(machine.lookUp() == true)
        #expect(machine.lookUp() == false)
        machine.attemptStarted()
        #expect(!machine.isChanging)
        #expect(machine.cut() == .finish)
        #expect(machine.answered(status: 404, mayRenewToken: false, hasVersion: true) == .lookedUp)
        var reading = Self.machine(readsFirst: true)
        #expect(reading.lookUp() == false)
    }

    @Test("a probe is an attempt, but neither a try of the write nor one that may have acted")
    func probing() {
        var machine = Self.machine { $0.probeStarted() }
        #expect(machine.attemptsMade == 1)
        #expect(machine.tries == 0)
        #expect(machine.cut() == .finish)
        #expect(machine.probeEnded() == true)
        machine.attemptStarted()
        #expect(machine.attemptsMade == 2)
        #expect(!machine.mayHaveActed)
    }
}
