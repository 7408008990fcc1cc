// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <cstdint>
#include <functional>

namespace spillway::admin {

/// Reads HTTP/1.1 answers from bytes as they come (RFC 9112 §6, §7.1): status, and the body by
/// Content-Length, in chunks, or to the end of the connection. Interim answers are passed over. Strict and
/// bounded: what does not fit is an error, for ever. One thread.
class HttpAnswer
{
public:
    static constexpr qsizetype kMostHead = 64 << 10;
    static constexpr qsizetype kMostBody = 256 << 20;

    enum class State : std::uint8_t
    {
        Head,
        Body,
        Done, ///< begin() reads the next one
        Bad
    };

    /// `piece`, where it is set, gets the body as it comes; else body() collects it.
    void begin(std::function<void(const QByteArray&)> piece = {});
    /// Takes what belongs to this answer; what stands behind it makes it Bad, as nobody asked for more.
    void feed(const QByteArray& bytes);
    /// The connection has ended; an answer that goes on to its end is now Done.
    void ended();

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] bool begun() const { return state_ != State::Head || !pending_.isEmpty(); }
    [[nodiscard]] int status() const { return status_; } ///< 0 before the head is complete
    [[nodiscard]] bool keepsAlive() const { return keepAlive_; }
    [[nodiscard]] const QByteArray& body() const { return body_; }

private:
    enum class Framing : std::uint8_t
    {
        Length,
        Chunks,
        ToTheEnd
    };
    enum class ChunkPart : std::uint8_t
    {
        Size,
        Data,
        DataEnd,
        Trailer
    };
    [[nodiscard]] bool readHead();
    [[nodiscard]] bool readField(const QByteArray& line, bool& lengthKnown);
    [[nodiscard]] bool readChunks();
    [[nodiscard]] bool readChunkSize(const QByteArray& line);
    void take(qsizetype count);
    void bad();

    State state_ = State::Done;
    Framing framing_ = Framing::Length;
    ChunkPart part_ = ChunkPart::Size;
    qint64 left_ = 0; ///< of the body, or of the chunk at hand
    int status_ = 0;
    bool keepAlive_ = true;
    QByteArray pending_, body_;
    std::function<void(const QByteArray&)> piece_;
};

} // namespace spillway::admin
