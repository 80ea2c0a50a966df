import GatewayHTTP2
import NIOCore

extension SandboxConnectionHandler {
    /// Carries out the faults whose time has come.
    func carryOutWaiting() {
        let answers = self.waiting
        self.waiting.removeAll()
        for answer in answers where self.streams[answer.streamID] != nil {
            guard let context = self.context, context.channel.isActive else { return }
            self.carryOut(answer.response, on: answer.streamID, context)
        }
    }

    private func carryOut(_ response: SandboxResponse, on streamID: Int32, _ context: ChannelHandlerContext) {
        let length = response.body.count
        switch response.fault.act {
        case .answer: self.deliver(response, on: streamID)
        case .never: break
        case .closeBeforeHeaders: context.close(promise: nil)
        case .closeAfterHeaders: self.sendPart(of: response, on: streamID, context, endsBehindHeaders: true)
        case .closeMidBody: self.sendPart(of: response, on: streamID, context, endsBehindHeaders: false)
        case .reset: self.reset(streamID, .internalError)
        case .refusedStream: self.reset(streamID, .refusedStream)
        case .garbage:
            self.flushOutput()
            // No frame of 16 MiB of an unknown type was ever agreed on: FRAME_SIZE_ERROR for any peer.
            self.writeAndClose(ByteBuffer(bytes: [UInt8](repeating: 0xFF, count: 64)), context)
        case .truncate:
            self.submit(response.cut(to: length / 2), announcedLength: nil, on: streamID)
        case .truncateLength:
            self.submit(response.cut(to: length / 2), announcedLength: max(1, length), on: streamID)
        case .dribble: self.dribble(response, on: streamID)
        case .goAway:
            self.deliver(response, on: streamID)
            do {
                try self.session?.submitGoAway(code: .noError)
            } catch {
                context.close(promise: nil)
            }
        case .goAwayRefused:
            self.flushOutput()
            // libnghttp2 would name this stream as processed, so the frame is made by hand.
            let frame = FrameHeader.goAway(lastStreamID: max(0, streamID - 2))
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: frame)), promise: nil)
            self.forget(streamID)
            self.isDraining = true
        }
    }

    /// Sends the headers at once, and the body byte by byte while its stream lives.
    private func dribble(_ response: SandboxResponse, on streamID: Int32) {
        self.write(fieldsOf: response, announcedLength: max(1, response.body.count))
        do {
            try self.session?.submitOpenResponse(streamID: streamID, fields: self.fields)
            self.dribble(response.body[...], on: streamID)
        } catch {
            self.forget(streamID)
        }
    }

    private func dribble(_ rest: ArraySlice<UInt8>, on streamID: Int32) {
        guard let session = self.session, let eventLoop = self.context?.eventLoop,
            session.extendBody(of: streamID, by: Array(rest.prefix(1)), isEnd: rest.count <= 1)
        else { return }
        self.flushOutput()
        guard rest.count > 1 else { return }
        eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { self.dribble(rest.dropFirst(), on: streamID) }
    }

    private func reset(_ streamID: Int32, _ code: HTTP2ErrorCode) {
        do {
            try self.session?.submitReset(streamID: streamID, code: code)
        } catch {
            self.forget(streamID)
        }
    }

    /// Sends the answer frame by frame up to the end of its headers, or into the middle of its first DATA frame, and
    /// closes the connection there.
    private func sendPart(
        of response: SandboxResponse, on streamID: Int32, _ context: ChannelHandlerContext,
        endsBehindHeaders: Bool
    ) {
        self.flushOutput()
        var response = response
        // Without a body the headers would end the stream and the answer would be complete.
        if response.body.isEmpty { response.body = Array("{}".utf8) }
        self.deliver(response, on: streamID)
        var output = context.channel.allocator.buffer(capacity: 1024)
        do {
            frames: while let session = self.session {
                // One byte at least is one frame at most.
                var frame = context.channel.allocator.buffer(capacity: 1024)
                let mayHaveMore = try session.writeOutput(into: &frame, maximum: 1)
                let header = FrameHeader(frame.readableBytesView)
                if let header, header.streamID == streamID, header.type == FrameHeader.data {
                    if endsBehindHeaders { break }
                    let part = FrameHeader.byteCount + header.length / 2
                    output.writeImmutableBuffer(frame.getSlice(at: frame.readerIndex, length: part) ?? frame)
                    break
                }
                output.writeBuffer(&frame)
                guard mayHaveMore else { break frames }
            }
        } catch {
            context.close(promise: nil)
            return
        }
        self.writeAndClose(output, context)
    }
}

extension SandboxResponse {
    /// The same answer with the first bytes of its body only.
    fileprivate func cut(to count: Int) -> SandboxResponse {
        var cut = self
        cut.body = Array(self.body.prefix(count))
        return cut
    }
}
