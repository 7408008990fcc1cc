// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/journal.h"

#include <fstream>
#include <openssl/evp.h>

namespace spillway::get {

namespace {

constexpr std::string_view kMagic = "SPLWYGET";
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kHeadBytes = 8 + 2 + 4; // magic, version, length

template<std::size_t Bytes>
void put(std::string& out, std::uint64_t value)
{
    for (std::size_t i = 0; i < Bytes; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xff);
}

/// Reads from the front; once it ran out, everything is zero and `good` false.
class Reader
{
public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    template<std::size_t Bytes>
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        const std::string_view raw = take(Bytes);
        for (std::size_t i = 0; i < raw.size(); ++i)
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(raw[i])) << (8 * i);
        return value;
    }
    template<class Array>
    void copyTo(Array& array)
    {
        const std::string_view raw = take(array.size());
        for (std::size_t i = 0; i < raw.size(); ++i)
            array[i] = static_cast<std::uint8_t>(raw[i]);
    }
    std::string_view take(std::size_t count)
    {
        if (!good_ || bytes_.size() < count) {
            good_ = false;
            return {};
        }
        const std::string_view front = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return front;
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool atEnd() const { return good_ && bytes_.empty(); }

private:
    std::string_view bytes_;
    bool good_ = true;
};

void putSpans(std::string& out, const std::vector<Span>& spans)
{
    put<2>(out, spans.size());
    for (const Span& span : spans) {
        put<8>(out, span.first);
        put<8>(out, span.end);
    }
}

std::vector<Span> readSpans(Reader& reader)
{
    const std::uint64_t count = reader.number<2>();
    std::vector<Span> spans;
    for (std::uint64_t i = 0; i < count && reader.good(); ++i) {
        const std::uint64_t first = reader.number<8>();
        spans.push_back({first, reader.number<8>()});
    }
    return spans;
}

std::string_view bytesOf(const Sha256& digest)
{
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

template<class Array>
std::string_view viewOf(const Array& array)
{
    return {reinterpret_cast<const char*>(array.data()), array.size()};
}

} // namespace

Sha256 hashOf(std::string_view bytes)
{
    Sha256 digest{};
    unsigned length = 0;
    // SHA-256 of memory has no way to fail but a library without it; then nothing fits and all begins afresh.
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        digest.fill(0);
    return digest;
}

std::string encodePayload(const JournalRecord& record)
{
    std::string out;
    put<8>(out, record.sequence);
    put<8>(out, record.size);
    out += viewOf(record.url);
    out += viewOf(record.boot);
    put<2>(out, record.validator.size());
    out += record.validator;
    putSpans(out, record.missing);
    putSpans(out, record.missingOnDisk);
    return out;
}

std::optional<JournalRecord> decodePayload(std::string_view payload)
{
    Reader reader(payload);
    JournalRecord record;
    record.sequence = reader.number<8>();
    record.size = reader.number<8>();
    reader.copyTo(record.url);
    reader.copyTo(record.boot);
    record.validator = reader.take(reader.number<2>());
    record.missing = readSpans(reader);
    record.missingOnDisk = readSpans(reader);
    const bool sound = reader.atEnd() && !record.validator.empty() &&
                       record.validator.size() <= kMostValidatorBytes && record.size >> 63 == 0 &&
                       record.missing.size() <= kMostJournalSpans &&
                       record.missingOnDisk.size() <= kMostJournalSpans &&
                       isOrdered(record.missing, record.size) && isOrdered(record.missingOnDisk, record.size);
    return sound ? std::optional(std::move(record)) : std::nullopt;
}

std::string encodeSlot(const JournalRecord& record)
{
    const std::string payload = encodePayload(record);
    std::string slot(kMagic);
    put<2>(slot, kVersion);
    put<4>(slot, payload.size());
    slot += payload;
    const Sha256 digest = hashOf(slot);
    slot += bytesOf(digest);
    static_assert(kHeadBytes + 8 + 8 + 32 + 16 + 2 + kMostValidatorBytes + 2 * (2 + kMostJournalSpans * 16) +
                      32 <=
                  kJournalSlotBytes);
    slot.resize(kJournalSlotBytes, '\0');
    return slot;
}

std::optional<JournalRecord> decodeSlot(std::string_view slot)
{
    Reader reader(slot);
    if (reader.take(kMagic.size()) != kMagic || reader.number<2>() != kVersion)
        return std::nullopt;
    const std::string_view payload = reader.take(reader.number<4>());
    const std::string_view digest = reader.take(Sha256{}.size());
    if (!reader.good() || digest != bytesOf(hashOf(slot.substr(0, kHeadBytes + payload.size()))))
        return std::nullopt;
    return decodePayload(payload);
}

std::optional<JournalRecord> chooseRecord(std::string_view file)
{
    auto first = decodeSlot(file.substr(0, kJournalSlotBytes));
    auto second = file.size() > kJournalSlotBytes ? decodeSlot(file.substr(kJournalSlotBytes)) : std::nullopt;
    if (!first || (second && second->sequence > first->sequence))
        return second;
    return first;
}

std::optional<std::vector<Span>> missingAccordingTo(const JournalRecord& record, const Sha256& url,
                                                    std::string_view validator, std::uint64_t size,
                                                    const BootId& boot)
{
    if (record.url != url || record.validator != validator || record.size != size)
        return std::nullopt;
    const bool sameKernel = boot != BootId{} && record.boot == boot;
    return sameKernel ? record.missing : record.missingOnDisk;
}

BootId currentBootId()
{
    BootId id{};
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string text;
    std::getline(file, text);
    std::size_t digits = 0;
    for (const char c : text) {
        const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (value < 0 || digits / 2 >= id.size())
            continue;
        auto& byte = id[digits / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
        ++digits;
    }
    return digits == 32 ? id : BootId{};
}

} // namespace spillway::get
