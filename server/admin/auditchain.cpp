// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditchain.h"

#include <QtCore/QJsonDocument>
#include <array>
#include <charconv>

namespace spillway::admin {

namespace {

constexpr std::string_view kLineTag = "spillway-audit-line-1\n";
constexpr std::string_view kHeadTag = "spillway-audit-head-1\n";
constexpr std::string_view kMacMember = ",\"mac\":\"";
constexpr std::string_view kSeqMember = "\"seq\":";
constexpr std::string_view kSlotWord = "spillway-audit-head ";

std::string_view bytesOf(const auth::Mac& mac)
{
    return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

auth::Mac lineMac(const auth::HmacKey& key, const AuditHead& before, std::string_view signedPart)
{
    const std::array parts{kLineTag, bytesOf(before.mac), signedPart};
    return key.sign(parts);
}

std::optional<std::uint64_t> numberAt(std::string_view& text)
{
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || number == 0)
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return number;
}

/// "SEQ:MAC"
std::optional<AuditHead> headFrom(std::string_view text)
{
    AuditHead head;
    const auto seq = numberAt(text);
    if (!seq || !text.starts_with(':') || !auth::decodeMac(text.substr(1), head.mac))
        return std::nullopt;
    head.seq = *seq;
    return head;
}

} // namespace

std::string AuditHead::text() const
{
    return std::to_string(seq) + ":" + auth::encodeMac(mac);
}

Result<AuditHead> AuditHead::parse(std::string_view text)
{
    if (const auto head = headFrom(text))
        return *head;
    return fail(ErrorCode::InvalidArgument,
                "\"" + std::string(text) + "\" is no head of an audit log, as audit verify prints it");
}

std::string chainLine(const auth::HmacKey& key, QJsonObject entry, AuditHead& head)
{
    const std::uint64_t seq = head.seq + 1;
    entry.remove(QStringLiteral("seq"));
    entry.remove(QStringLiteral("mac"));
    const QByteArray members = QJsonDocument(entry).toJson(QJsonDocument::Compact);
    // The number first, the MAC last: where they stand is part of the format.
    std::string line = "{" + std::string(kSeqMember) + std::to_string(seq);
    if (!entry.isEmpty())
        line += "," + members.mid(1, members.size() - 2).toStdString();
    head = {seq, lineMac(key, head, line)};
    line.append(kMacMember).append(auth::encodeMac(head.mac)).append("\"}\n");
    return line;
}

bool AuditLine::follows(const auth::HmacKey& key, const AuditHead& before) const
{
    const std::array parts{kLineTag, bytesOf(before.mac), signedPart};
    return seq == before.seq + 1 && key.verify(parts, mac);
}

std::optional<AuditLine> readLine(std::string_view line)
{
    constexpr std::size_t tail = kMacMember.size() + auth::kMacTextSize + 2; // ,"mac":"…"}
    AuditLine read;
    if (line.size() < tail + kSeqMember.size() + 2 || !line.ends_with("\"}"))
        return std::nullopt;
    read.signedPart = line.substr(0, line.size() - tail);
    std::string_view rest = line.substr(read.signedPart.size());
    if (!rest.starts_with(kMacMember) ||
        !auth::decodeMac(rest.substr(kMacMember.size(), auth::kMacTextSize), read.mac))
        return std::nullopt;
    std::string_view number = read.signedPart;
    if (!number.starts_with('{') || !number.substr(1).starts_with(kSeqMember))
        return std::nullopt;
    number.remove_prefix(1 + kSeqMember.size());
    const auto seq = numberAt(number);
    if (!seq)
        return std::nullopt;
    read.seq = *seq;
    return read;
}

std::optional<AuditBegin> readBegin(const auth::HmacKey& key, std::string_view line)
{
    const auto read = readLine(line);
    if (!read)
        return std::nullopt;
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray::fromRawData(line.data(), static_cast<qsizetype>(line.size())))
            .object();
    const auto before = headFrom(object.value(QLatin1String("continues")).toString().toStdString());
    if (!before || !read->follows(key, *before))
        return std::nullopt;
    const qint64 dropped = object.value(QLatin1String("dropped")).toInteger();
    return AuditBegin{*before, dropped > 0 ? static_cast<std::uint64_t>(dropped) : 0};
}

std::string headSlot(const auth::HmacKey& key, const AuditHead& head)
{
    std::string text = std::string(kSlotWord) + head.text() + " ";
    const std::array parts{kHeadTag, std::string_view(text)};
    text += auth::encodeMac(key.sign(parts));
    text.resize(kSlotSize - 1, ' ');
    return text + "\n";
}

std::optional<AuditHead> readHead(const auth::HmacKey& key, std::string_view file)
{
    std::optional<AuditHead> newest;
    for (std::size_t at = 0; at + kSlotSize <= file.size(); at += kSlotSize) {
        const std::string_view slot = file.substr(at, kSlotSize);
        if (!slot.starts_with(kSlotWord))
            continue;
        const std::size_t space = slot.find(' ', kSlotWord.size());
        auth::Mac mac;
        if (space == std::string_view::npos || space + 1 + auth::kMacTextSize > slot.size() ||
            !auth::decodeMac(slot.substr(space + 1, auth::kMacTextSize), mac))
            continue;
        const std::array parts{kHeadTag, slot.substr(0, space + 1)};
        const auto head = headFrom(slot.substr(kSlotWord.size(), space - kSlotWord.size()));
        if (head && key.verify(parts, mac) && (!newest || head->seq > newest->seq))
            newest = head;
    }
    return newest;
}

} // namespace spillway::admin
