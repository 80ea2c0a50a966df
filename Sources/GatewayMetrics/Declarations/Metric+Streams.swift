extension Metric {
    /// The part of the table about what streams of updates do at each target.
    var countedForStreams: MetricDeclaration {
        switch self {
        case .batches:
            .init(
                "product_gateway_bulk_batches", .counter, .target,
                "Requests with several lines of a stream that have ended (vendors with batches only).")
        case .batchLines:
            .init(
                "product_gateway_bulk_batch_lines", .counter, .target,
                "Lines that such requests have carried.")
        case .batchLinesAlone:
            .init(
                "product_gateway_bulk_batch_lines_alone", .counter, .target,
                "Lines of them that were sent once more by themselves, because the answer said nothing of each.")
        default:
            .init(
                "product_gateway_bulk_lines_postponed", .counter, .target,
                "How often a line of a stream was held back, to be sent again, because the target takes no more now.")
        }
    }
}
