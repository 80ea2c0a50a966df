/// Canonical updates of a given size: a furniture shop's, with prose in several languages, padded through the
/// description.
package enum ProductBody {
    private static let prose = """
        Massive oak from forests nearby, sawn thick and dried slowly; the surface is oiled, never lacquered, so that \
        scratches can be sanded out. \\"One key\\" opens every fitting.\\nTo care for it: wipe with a damp cloth. \
        Geölt und gewachst, für Jahrzehnte gebaut – auch im Wintergarten. Livré à plat, monté en dix minutes. \
        無垢材のテーブルです。

        """

    private static let locales = [
        "fr-FR", "de-DE", "es-ES", "it-IT", "nl-NL", "sv-SE", "pl-PL", "ja-JP", "pt-PT", "da-DK", "fi-FI", "cs-CZ",
    ]

    /// A body of about `bytes` bytes: more locales, tags and custom fields the larger it is.
    package static func update(bytes: Int) -> [UInt8] {
        let (localeCount, localeText, tags, groups) =
            bytes < 1000 ? (1, 40, 3, 1) : bytes < 10_000 ? (3, 160, 8, 1) : (12, 1200, 20, 8)
        let without = self.text(description: "", localeCount, localeText, tags, groups)
        let padding = max(0, bytes - without.utf8.count)
        return Array(self.text(description: self.prose(padding), localeCount, localeText, tags, groups).utf8)
    }

    /// A small body with so many custom fields.
    package static func update(customFields: Int) -> [UInt8] {
        let fields = (1...max(1, customFields)).map { "\"field_\($0)\":\($0).50" }
        let group = "{\"products(set)\":{\(fields.joined(separator: ","))}}"
        return Array("{\"name\":\"Extending dining table\",\"customFields\":\(group)}".utf8)
    }

    /// About so many bytes of prose, without ending inside an escape.
    private static func prose(_ bytes: Int) -> String {
        var text = ""
        while text.utf8.count < bytes { text += self.prose.replacing("\n", with: " ") }
        while text.utf8.count > bytes || text.hasSuffix("\\") { text.removeLast() }
        return text
    }

    private static func text(
        description: String, _ localeCount: Int, _ localeText: Int, _ tags: Int, _ groups: Int
    ) -> String {
        let translations = self.locales.prefix(localeCount).map { locale in
            "\"\(locale)\":{\"name\":\"Table \(locale)\",\"description\":\"\(self.prose(localeText))\"}"
        }
        let fields = """
            {"wood":"oak","weight_kg":48.50,"leaves":2,"assembled":false,"care":"https://example.com/care",\
            "load_kg":120}
            """
        let custom = (0..<groups).map { "\"products(set\($0))\":\(fields)" }
        let tagTexts = (0..<tags).map { "\"tag-\($0)\"" }
        return """
            {"name":"Extending dining table","description":"\(description)","sku":"TBL-0240",\
            "slug":"extending-dining-table","status":"live","gtin":"5012345678900","mpn":"TX-240-EU",\
            "translations":{\(translations.joined(separator: ","))},"tags":[\(tagTexts.joined(separator: ","))],\
            "customFields":{\(custom.joined(separator: ","))}}
            """
    }
}
