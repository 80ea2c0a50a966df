/// One thing that a vendor says is wrong.
struct VendorItem: BitwiseCopyable {
    var code = VendorText.none
    var title = VendorText.none
    var detail = VendorText.none
    var status = VendorText.none
    var requestID = VendorText.none
    /// The index of the value that names the fields concerned, with one text or several; -1 where there is none.
    var fields: Int32 = -1
    /// The field concerned, where it is the name under which the item stands.
    var fieldName = VendorText.none
    /// Of which translation it is.
    var locale = VendorText.none
    /// The index of the value with what the vendor does not know, with one text or several; -1 where there is none.
    var missingIDs: Int32 = -1

    var text: VendorText { self.detail.isGiven ? self.detail : self.title }

    var namesField: Bool { self.fields >= 0 || self.fieldName.isGiven }

    var isEmpty: Bool {
        !self.code.isGiven && !self.text.isGiven && !self.namesField && self.missingIDs < 0
    }
}
