import GatewayTranslation
import Testing

@Suite("Amounts")
struct AmountTests {
    private func outcome(_ amount: String, _ field: String) throws -> [String] {
        let document = """
            {"format": 2, "name": "x", "title": "X", "parameters": {"currency": {"default": "EUR"}},
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"}},
             "answer": {"fields": "", "required": ["/id"]},
             "fields": {"/price/amount": {"vendor": "/a"\(field)},
              "/price/currency": {"fixed": {"parameter": "currency"}}}}
            """
        let plan = try TargetPlan(targetName: "x", dialect: Dialect(parsing: Array(document.utf8)))
        do throws(Problem) {
            let request = try Translator().translate(
                .update, for: plan, id: [0x37], body: Array(#"{"price": {"amount": \#(amount)}}"#.utf8))
            return [String(decoding: request.body, as: UTF8.self)]
        } catch {
            return error.errors.map { "\($0.pointer ?? "-") \($0.code)" }
        }
    }

    private static let forms = ["", #", "as": "text""#, #", "as": "number""#, #", "as": "units""#]

    @Test(
        "a text that is no decimal number is refused, once",
        arguments: ["", "-", ".5", "5.", "1.2.3", "1-2", "007", "--1", "1e2", "1 000", "1,5", "NaN"])
    func noNumber(text: String) throws {
        for form in Self.forms {
            #expect(try self.outcome("\"\(text)\"", form) == ["/price/amount pattern"], "\(form)")
        }
    }

    @Test("every digit is kept", arguments: ["0.10", "-0.5", "0", "12345678901234567890.123", "10.00"])
    func exact(text: String) throws {
        #expect(try self.outcome("\"\(text)\"", Self.forms[0]) == [#"{"a":"\#(text)"}"#])
        #expect(try self.outcome("\"\(text)\"", Self.forms[1]) == [#"{"a":"\#(text)"}"#])
        #expect(try self.outcome("\"\(text)\"", Self.forms[2]) == [#"{"a":\#(text)}"#])
        #expect(try self.outcome(text, Self.forms[1]) == [#"{"a":"\#(text)"}"#])
    }

    @Test(
        "a text has no exponent; a number keeps its own",
        arguments: [("1e2", "100"), ("1.50E+1", "15.0"), ("25e-3", "0.025"), ("-1E-2", "-0.01"), ("0e5", "0")])
    func exponents(number: String, text: String) throws {
        #expect(try self.outcome(number, #", "as": "text""#) == [#"{"a":"\#(text)"}"#])
        #expect(try self.outcome(number, #", "as": "number""#) == [#"{"a":\#(number)}"#])
    }

    @Test("an exponent that no amount has cannot become a text")
    func enormous() throws {
        #expect(try self.outcome("1e400", #", "as": "text""#) == ["/price/amount not_allowed"])
        #expect(try self.outcome("1e400", #", "as": "units""#) == ["/price/amount not_allowed"])
        #expect(try self.outcome("15e1", #", "as": "units""#) == [#"{"a":15000}"#])
    }

    @Test("the limits of a number are those of a number that is written as a text")
    func limits() throws {
        let limits = #", "minimum": 0, "maximum": 10"#
        for amount in ["-0.01", "\"-0.01\""] {
            #expect(try self.outcome(amount, limits) == ["/price/amount too_small"], "\(amount)")
        }
        for amount in ["10.5", "\"10.5\""] {
            #expect(try self.outcome(amount, limits) == ["/price/amount too_large"], "\(amount)")
        }
        #expect(try self.outcome("\"10\"", limits) == [#"{"a":"10"}"#])
    }

    @Test("what a vendor says of the characters holds for decimal numbers, too")
    func characters() throws {
        #expect(try self.outcome("\"1.5\"", #", "characters": "0-9""#) == ["/price/amount pattern"])
        #expect(try self.outcome("\"15\"", #", "characters": "0-9""#) == [#"{"a":"15"}"#])
    }
}
