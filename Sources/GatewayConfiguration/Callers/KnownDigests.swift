/// Digests of texts that are no keys, because everybody tries them: of nothing at all, and of words that stand in
/// examples.
enum KnownDigests {
    /// The text that a SHA-256 in lower case is of; nil for one that is not known.
    static func text(of digest: String) -> String? { self.texts[digest] }

    private static let texts = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": "",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08": "test",
        "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8": "password",
        "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b": "secret",
        "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683": "key",
        "8c6976e5b5410415bde908bd4dee15dfb167a9c873fc4bb8a81f6f2ab448a918": "admin",
        "057ba03d6c44104863dc7361fe4578965d1887360f90a0895882e58a6248fc86": "changeme",
        "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92": "123456",
        "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0": "token",
        "6c793695171e793d7d0080ad7700a2bc50256912cef2492c201e8ecc54b24ab5": "apikey",
        "8c284055dbb54b7f053a2dc612c3727c7aa36354361055f2110f4903ea8ee29c": "api-key",
        "37a8eec1ce19687d132fe29051dca629d164e2c4958ba141d5f4133a33f0688f": "default",
        "2a97516c354b68848cdbd8f54a226a0a55b21ed138e207ad6c5cbb9c00aa5aea": "demo",
        "50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545c": "example",
    ]
}
