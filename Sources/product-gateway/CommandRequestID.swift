/// What stands where the gateway would put the id of a request: commands have none.
enum CommandRequestID {
    static let text = "command-line"
}
