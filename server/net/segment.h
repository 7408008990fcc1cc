// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::net {

/// What a sender is told when it asks for the next window of a file.
enum class WindowState : std::uint8_t
{
    Ready,   ///< the bytes are in memory: sendfile will not block
    Pending, ///< they are being read; the waker is called on the asking worker's thread
    Changed, ///< the file is not what it was when the answer began: end the transfer
    Failed,  ///< a read error, or no room in the preload queue for too long: end the transfer
};

/// An open file as the sender sees it. Shared by all transfers of it on one worker; the descriptor lives as
/// long as the last of them. Implemented in server/body.
class FileSource
{
public:
    virtual ~FileSource() = default;
    [[nodiscard]] virtual int fd() const noexcept = 0;

    struct Window
    {
        WindowState state = WindowState::Failed;
        std::uint64_t length =
            0; ///< Ready: how many bytes from `offset` on may be sent without asking again, > 0
    };

    /// Called by the sender before the range from `offset` is sent (at most `length` bytes, > 0), and again
    /// with length 0 after the last byte, to learn whether the file stayed the same (Ready with 0, or
    /// Changed). Pending: `wake` is kept and called exactly once, later, never from inside this call.
    [[nodiscard]] virtual Window prepare(std::uint64_t offset, std::uint64_t length,
                                         std::function<void()> wake) = 0;
};

/// One piece of an answer's body: memory, or a range of an open file.
struct Segment
{
    std::shared_ptr<FileSource> file;  ///< set: a file segment
    std::shared_ptr<const void> owner; ///< keeps `data` alive in a memory segment
    const char* data = nullptr;
    std::uint64_t offset = 0; ///< in the file
    std::uint64_t length = 0; ///< bytes; 0 is allowed and skipped

    [[nodiscard]] static Segment memory(std::string text)
    {
        auto owned = std::make_shared<const std::string>(std::move(text));
        Segment segment;
        segment.data = owned->data();
        segment.length = owned->size();
        segment.owner = std::move(owned);
        return segment;
    }
    [[nodiscard]] static Segment memory(std::shared_ptr<const void> owner, std::string_view bytes)
    {
        Segment segment;
        segment.owner = std::move(owner);
        segment.data = bytes.data();
        segment.length = bytes.size();
        return segment;
    }
    [[nodiscard]] static Segment fileRange(std::shared_ptr<FileSource> file, std::uint64_t offset,
                                           std::uint64_t length)
    {
        Segment segment;
        segment.file = std::move(file);
        segment.offset = offset;
        segment.length = length;
        return segment;
    }
};

/// Hands out the segments of a long body a few at a time, so that an answer of a hundred thousand parts takes
/// the memory of some. Their lengths' sum is known beforehand (Content-Length). Lives on one worker's thread;
/// destroyed there when the answer has ended or the client has left.
class SegmentSource
{
public:
    virtual ~SegmentSource() = default;
    enum class State : std::uint8_t
    {
        More,    ///< `out` has at least one; call again when they are gone
        Pending, ///< nothing now; `wake` is called on the worker's thread, never from inside this call
        Done,    ///< there are no more
        Failed,  ///< end the transfer: what is left cannot be had any more
    };
    /// Appends to `out`, which is empty.
    [[nodiscard]] virtual State next(std::vector<Segment>& out, std::function<void()> wake) = 0;
    /// What it has not handed out yet, for those who show how far an answer is.
    [[nodiscard]] virtual std::uint64_t bytesLeft() const noexcept = 0;
};

/// A body whose length nobody knows beforehand (a listing): pulled only while the socket takes bytes, so
/// memory stays flat. Lives on one worker's thread; destroyed there when the answer has ended or the client
/// has left.
class Generator
{
public:
    virtual ~Generator() = default;
    enum class State : std::uint8_t
    {
        More,    ///< `out` has bytes; call again when they are gone
        Pending, ///< nothing now; `wake` is called on the worker's thread, never from inside this call
        Done,    ///< `out` may hold the last bytes
        Failed,  ///< end the transfer without a proper end, so that the client sees it
    };
    /// Appends at most about `budget` bytes to `out`.
    [[nodiscard]] virtual State pull(std::string& out, std::size_t budget, std::function<void()> wake) = 0;
};

} // namespace spillway::net
