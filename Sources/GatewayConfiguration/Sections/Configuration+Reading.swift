import GatewayDocuments
import GatewayJSON

extension Configuration: ConfigurationObject {
    init?(reading reader: KeyReader) {
        _ = reader.optional(
            "$schema", .schemaReference, absent: "editors explain nothing",
            "Where an editor finds the description of every key. The gateway does not read it.",
            examples: ["./gateway.schema.json"])
        self.listener = reader.object(
            "listener", ListenerConfiguration.self, "Where callers connect.")
        self.admin = reader.object(
            "admin", AdminConfiguration.self,
            """
            Where operators connect: `/metrics`, `/livez`, `/readyz`, `/status` over HTTP/1.1, what \
            Prometheus and Kubernetes speak.
            """)
        self.workers = reader.value(
            "workers", .workers, default: .automatic,
            """
            Workers, each one event loop with its own listening socket, connections and buffers. \
            `"auto"`: one for each CPU that the process may use, after its affinity and the limits of its \
            control groups (versions 1 and 2), a fraction rounded up; the log's first line says which.
            """,
            examples: ["auto", 2], takesEffect: .restart)
        self.instances = reader.value(
            "instances", .integer(in: 1...1_000, of: "instances"), default: 1,
            """
            How many instances of the gateway write to the same vendors, this one included. With the store `redis` \
            they share keys, limits and pauses, and where it does not answer each lets in this part of a limit. \
            Otherwise they know nothing of each other. Where there are several, an update at a vendor that replaces \
            whole products and has no version (ETag) may be written over by another instance, and its answer says so \
            in `warnings`.
            """,
            examples: [1, 3])
        self.defaultTarget = reader.optional(
            "defaultTarget", .targetName, absent: "a request without `target` gets `400 target_required`",
            "The target of a request that names none. Must be a key of `targets`.",
            examples: ["elastic-path"])
        self.limits = reader.object(
            "limits", LimitsConfiguration.self,
            "How much a caller may ask for, and for how long.")
        self.drainTimeout = reader.value(
            "drainTimeout", .duration(from: .zero, to: .seconds(3600)), default: .seconds(25),
            """
            How long a stopping gateway lets running exchanges finish before it cuts them: answers them \
            with what is known, and logs them. Five seconds less than the 30 that Kubernetes waits \
            before it kills; longer than the longest `timeouts.total` nothing is ever cut.
            """,
            examples: ["25s"])
        self.watchInterval = reader.value(
            "watchInterval", .duration(from: .zero, to: .seconds(3600)), default: .seconds(5),
            """
            How often the gateway looks whether a file that it was configured from has changed: this one, \
            dialects, secrets, certificates, keys, authorities. When they have, and stay as they are for \
            a second, everything is read again as on SIGHUP. `0s`: never.
            """,
            examples: ["5s", "1m", "0s"])
        self.logging = reader.object("logging", LoggingConfiguration.self, "What is logged, and how.")
        self.store = reader.object(
            "store", StoreConfiguration.self,
            "Where the gateway keeps what became of requests with an `Idempotency-Key`.")
        self.idempotency = reader.object(
            "idempotency", IdempotencyConfiguration.self,
            "What is kept of requests that carry an `Idempotency-Key`: see [exactly-once.md](exactly-once.md).")
        self.tracing = reader.object(
            "tracing", TracingConfiguration.self,
            "Where the spans of requests are sent, and of which: OpenTelemetry's OTLP over HTTP.")
        self.targets = reader.map(
            "targets", of: TargetConfiguration.self, isRequired: true,
            """
            The vendor systems, by the names that callers use in `?target=` and that metrics and \
            logs show.
            """)
        self.callers = reader.map(
            "callers", of: CallerConfiguration.self, isRequired: false,
            """
            Who may ask, by the names that logs, metrics and the audit show. With one caller, whoever proves to be \
            none of them is refused (`401 unauthenticated`). See [access.md](access.md).
            """)
        self.anonymous = reader.value(
            "anonymous", .choice(AnonymousCallers.self), default: .refuse,
            """
            What becomes of requests that prove nothing, where there are `callers`: `allow` lets them do everything, \
            as without callers, for the time in which callers learn to prove themselves. A proof that is wrong is \
            refused in any case.
            """,
            examples: ["allow"])
        self.issuers = reader.map(
            "issuers", of: IssuerConfiguration.self, isRequired: false,
            "Who signs tokens that prove who a caller is, by the names that `callers` refer to.")
        self.audit = reader.optionalObject(
            "audit", AuditConfiguration.self,
            absent: "as `{}` where there are `callers`, otherwise a change has no line of its own",
            """
            Records each change in a line of its own: who, by which proof, at which target, which product and which \
            members, never a value, and what became of it. See [logs.md](logs.md#the-audit).
            """)
        self.dialects = reader.map(
            "dialects", of: .dialect,
            """
            Your own dialects, by name: each a dialect document, or `{"file": path}` for one in a \
            file. The format is described in [dialects.md](dialects.md).
            """,
            examples: [["acme": ["file": "dialects/acme.json"]]])
        self.inForce = [:]

        self.crossCheck(reader)
        self.inForce = reader.inForce
    }

    private func crossCheck(_ reader: KeyReader) {
        let targets = reader.members.node?["targets"]?.members ?? []
        if let name = self.defaultTarget, !targets.contains(where: { $0.name == name }) {
            let names = targets.map(\.name)
            let meant = Suggestion.closest(to: name, among: names).map { "did you mean \"\($0)\"?" }
            let known = names.isEmpty ? "there are no targets" : "the targets are \(names.joined(separator: ", "))"
            reader.members.refuse(
                at: "defaultTarget", message: "\"\(name)\" is no target; \(meant ?? known)")
        }
        for dialect in reader.members.node?["dialects"]?.members ?? [] {
            if reader.context.inputs.builtInDialects.contains(dialect.name) {
                reader.members.refuse(
                    at: "dialects", dialect.name,
                    message: "a dialect of this name is built in; choose another name")
            } else if !targets.contains(where: { $0.value["dialect"]?.string == dialect.name }) {
                reader.members.warn(at: "dialects", dialect.name, message: "no target uses this dialect")
            }
        }
        if self.instances > 1, self.store.engine != .redis {
            reader.members.warn(
                at: "instances",
                message:
                    "with store.engine \(self.store.engine.rawValue) each instance knows the idempotency keys of its "
                    + "own callers only: a request that is repeated at another one is done again; and each lets in "
                    + "the whole of every limit")
        }
        self.checkCallers(reader)
        let (admin, listener) = (self.admin, self.listener)
        if admin.port == listener.port, admin.port != 0, admin.host == listener.host {
            reader.members.refuse(at: "admin", message: "listens on the same host and port as $.listener")
        }
    }
}
