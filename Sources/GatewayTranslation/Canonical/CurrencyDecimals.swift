/// How many decimals a currency's amounts have, by ISO 4217 (list one, "Minor unit"; SIX Group, 2026-01-01).
///
/// ANG and BGN, which were withdrawn in 2025 and 2026, are kept: vendors have amounts in them.
/// Codes without a minor unit (gold, special drawing rights, testing) are not among them: no amount can be sent in
/// their smallest unit.
enum CurrencyDecimals {
    static func count(of code: String) -> Int? { self.counts[code] }

    private static let counts: [String: Int] = {
        var counts: [String: Int] = [:]
        for (decimals, codes) in [(0, Self.none), (2, Self.two), (3, Self.three), (4, Self.four)] {
            for code in codes.split(separator: " ") { counts[String(code)] = decimals }
        }
        return counts
    }()

    private static let none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    private static let three = "BHD IQD JOD KWD LYD OMR TND"
    private static let four = "CLF UYW"
    private static let two = """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE \
        CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
        HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR \
        MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK \
        SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD \
        XCD XCG YER ZAR ZMW ZWG
        """
}
