/// One thing that a vendor says is wrong.
struct VendorItem {
    var code: String?
    var title: String?
    var detail: String?
    var status: String?
    var requestID: String?
    /// What the vendor calls the fields concerned; empty where it names none.
    var fields: [String] = []
    var missingIDs: [String] = []

    var text: String? { self.detail ?? self.title }
    var isEmpty: Bool { self.code == nil && self.text == nil && self.fields.isEmpty && self.missingIDs.isEmpty }
}
