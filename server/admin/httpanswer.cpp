// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/httpanswer.h"

#include <QtCore/QByteArrayList>
#include <algorithm>

namespace spillway::admin {

void HttpAnswer::begin(std::function<void(const QByteArray&)> piece)
{
    *this = {};
    state_ = State::Head;
    piece_ = std::move(piece);
}

void HttpAnswer::bad()
{
    state_ = State::Bad;
    keepAlive_ = false;
    pending_.clear();
}

void HttpAnswer::feed(const QByteArray& bytes)
{
    if (bytes.isEmpty() || state_ == State::Bad)
        return;
    if (state_ == State::Done)
        return bad();
    pending_ += bytes;
    while (state_ == State::Head && pending_.contains("\r\n\r\n"))
        if (!readHead())
            return bad();
    if (state_ == State::Head && pending_.size() > kMostHead)
        return bad();
    if (state_ != State::Body)
        return;
    if (framing_ == Framing::Chunks) {
        if (!readChunks())
            return bad();
    } else {
        take(framing_ == Framing::Length ? std::min<qint64>(left_, pending_.size()) : pending_.size());
        if (framing_ == Framing::Length && left_ == 0)
            state_ = State::Done;
    }
    if (body_.size() > kMostBody || (state_ == State::Done && !pending_.isEmpty()))
        bad();
}

void HttpAnswer::ended()
{
    if (state_ == State::Body && framing_ == Framing::ToTheEnd)
        state_ = State::Done;
    else if (state_ != State::Done)
        bad();
    keepAlive_ = false;
}

/// False where it is none. An interim answer leaves the state as it was.
bool HttpAnswer::readHead()
{
    const qsizetype end = pending_.indexOf("\r\n\r\n");
    const QByteArray head = pending_.left(end);
    pending_.remove(0, end + 4);
    const QByteArrayList lines = head.split('\n');
    const QByteArray statusLine = lines.front().trimmed();
    if (!statusLine.startsWith("HTTP/1.1 ") || statusLine.size() < 12)
        return false;
    bool isNumber = false;
    const int status = statusLine.mid(9, 3).toInt(&isNumber);
    if (!isNumber || status < 100)
        return false;
    if (status < 200)
        return true;
    status_ = status;
    framing_ = Framing::ToTheEnd;
    bool lengthKnown = false;
    for (qsizetype i = 1; i < lines.size(); ++i)
        if (!readField(lines[i], lengthKnown))
            return false;
    if (status == 204 || status == 304) {
        framing_ = Framing::Length;
        left_ = 0;
    }
    if (framing_ == Framing::ToTheEnd)
        keepAlive_ = false;
    state_ = framing_ == Framing::Length && left_ == 0 ? State::Done : State::Body;
    return true;
}

bool HttpAnswer::readField(const QByteArray& line, bool& lengthKnown)
{
    const qsizetype colon = line.indexOf(':');
    if (colon <= 0)
        return false;
    const QByteArray name = line.left(colon).toLower(), value = line.mid(colon + 1).trimmed();
    if (name == "connection" && value.toLower() == "close")
        keepAlive_ = false;
    if (name == "transfer-encoding") {
        if (value.toLower() != "chunked" || lengthKnown)
            return false;
        framing_ = Framing::Chunks;
    }
    if (name == "content-length") {
        bool isNumber = false;
        left_ = value.toLongLong(&isNumber);
        if (!isNumber || left_ < 0 || left_ > kMostBody || lengthKnown || framing_ == Framing::Chunks)
            return false;
        lengthKnown = true;
        framing_ = Framing::Length;
    }
    return true;
}

void HttpAnswer::take(qsizetype count)
{
    if (count <= 0)
        return;
    const QByteArray bytes = pending_.left(count);
    pending_.remove(0, count);
    left_ -= count;
    if (piece_)
        piece_(bytes);
    else
        body_ += bytes;
}

bool HttpAnswer::readChunks()
{
    while (state_ == State::Body) {
        if (part_ == ChunkPart::Data) {
            take(std::min<qint64>(left_, pending_.size()));
            if (left_ > 0)
                return true;
            part_ = ChunkPart::DataEnd;
        }
        const qsizetype end = pending_.indexOf("\r\n");
        if (end < 0)
            return pending_.size() < kMostHead;
        const QByteArray line = pending_.left(end);
        pending_.remove(0, end + 2);
        if (part_ == ChunkPart::Trailer) {
            if (line.isEmpty())
                state_ = State::Done;
        } else if (part_ == ChunkPart::DataEnd) {
            if (!line.isEmpty())
                return false;
            part_ = ChunkPart::Size;
        } else if (!readChunkSize(line)) {
            return false;
        }
    }
    return true;
}

bool HttpAnswer::readChunkSize(const QByteArray& line)
{
    bool isNumber = false;
    const QByteArray digits = line.left(line.indexOf(';') < 0 ? line.size() : line.indexOf(';')).trimmed();
    left_ = digits.toLongLong(&isNumber, 16);
    if (!isNumber || digits.startsWith('-') || left_ < 0 || left_ > kMostBody)
        return false;
    part_ = left_ == 0 ? ChunkPart::Trailer : ChunkPart::Data;
    return true;
}

} // namespace spillway::admin
