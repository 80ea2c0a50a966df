/// The JSON Schema (2020-12) of `gateway.json`, made from what the code reads.
///
/// It explains every key to an editor. It checks what a schema can; cross-checks, files and secrets
/// are the gateway's own (`product-gateway check`).
package enum ConfigurationSchema {
    /// The content of `gateway.schema.json`.
    package static var text: String {
        let head: [RenderedValue.Member] = [
            .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
            .init("title", "product-gateway configuration"),
            .init(
                "description",
                "What gateway.json may say. Every key has a default unless it is required."),
        ]
        let body = Self.members(of: Configuration.description)
        return RenderedValue.object(head + body + [.init("$defs", Self.definitions)]).pretty
    }

    private static func members(of object: ObjectDescription) -> [RenderedValue.Member] {
        var members: [RenderedValue.Member] = [
            .init("type", "object"),
            .init("properties", .object(object.keys.map { .init($0.name, Self.schema(of: $0)) })),
        ]
        let required = object.keys.filter(\.isRequired).map { RenderedValue.string($0.name) }
        if !required.isEmpty { members.append(.init("required", .array(required))) }
        members += object.rules.flatMap(Self.members(of:))
        members.append(.init("additionalProperties", false))
        return members
    }

    private static func members(of rule: KeyRule) -> [RenderedValue.Member] {
        switch rule {
        case .exactlyOne:
            [.init("minProperties", 1), .init("maxProperties", 1)]
        case .together(let one, let other):
            [
                .init(
                    "dependentRequired",
                    .object([
                        .init(one, [.string(other)]), .init(other, [.string(one)]),
                    ]))
            ]
        }
    }

    private static func schema(of key: KeyDeclaration) -> RenderedValue {
        var members: [RenderedValue.Member] = [.init("description", .string(Self.text(of: key)))]
        members += Self.members(of: key.shape)
        if case .value(let value) = key.standard { members.append(.init("default", value)) }
        if !key.examples.isEmpty { members.append(.init("examples", .array(key.examples))) }
        return .object(members)
    }

    private static func members(of shape: KeyDeclaration.Shape) -> [RenderedValue.Member] {
        switch shape {
        case .value(let value):
            return value.schema
        case .object(let object):
            return Self.members(of: object)
        case .map(let element):
            return [
                .init("type", "object"),
                .init("propertyNames", ["pattern": .string(GivenName.pattern)]),
                .init("additionalProperties", .object(Self.members(of: element))),
            ]
        }
    }

    /// The summary with what the schema's own words do not say.
    private static func text(of key: KeyDeclaration) -> String {
        var text = key.summary
        if case .value(let value) = key.shape, !value.range.isEmpty {
            text += " Allowed: \(value.range.replacing("`", with: ""))."
        }
        if case .absent(let meaning) = key.standard { text += " Without it: \(meaning)." }
        if key.takesEffect == .restart { text += " A change needs a restart." }
        return text
    }

    private static var definitions: RenderedValue {
        [
            "secret": [
                "description": """
                A secret, by the place it is read from: an environment variable or a file. The \
                value itself never stands in this file. A line end behind it is dropped.
                """,
                "oneOf": [
                    [
                        "type": "object", "required": ["env"], "additionalProperties": false,
                        "properties": [
                            "env": [
                                "description": "The name of an environment variable.",
                                "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
                            ]
                        ],
                    ],
                    [
                        "type": "object", "required": ["file"], "additionalProperties": false,
                        "properties": [
                            "file": [
                                "description": """
                                The path of a file; a relative one begins at this file's folder.
                                """,
                                "type": "string", "minLength": 1,
                            ]
                        ],
                    ],
                ],
            ],
            "dialect": [
                "description": "A dialect document, or the file that holds it.",
                "type": "object",
                "if": ["required": ["file"]],
                "then": [
                    "properties": ["file": ["type": "string", "minLength": 1]],
                    "additionalProperties": false,
                ],
            ],
        ]
    }
}
