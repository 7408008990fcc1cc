// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <cstdint>
#include <optional>

namespace spillway::contract {
struct Link;
}

/// Numbers as people read them, by the default locale: sizes in powers of 1000, as the rates beside them.
namespace spillway::ui {

[[nodiscard]] QString formatSize(std::int64_t bytes);    ///< "84.2 MB"
[[nodiscard]] QString formatRate(double bytesPerSecond); ///< "84.2 MB/s"
[[nodiscard]] QString formatCount(std::int64_t count);   ///< "1,204"
[[nodiscard]] QString formatDecimal(double value);       ///< "1,204", "12.4", "0.35"
[[nodiscard]] QString
formatSpan(std::int64_t seconds); ///< of time that is left: "42 s", "3 min", "2 h", "6 days"
[[nodiscard]] QString
formatClock(std::int64_t unixSeconds); ///< "14:03" today, else "24 Nov 14:03", else with year
[[nodiscard]] QString formatMilliseconds(double milliseconds); ///< "0.12 ms", "3.4 ms", "1.2 s"
/// File names are bytes: what is not UTF-8 shows as U+FFFD.
[[nodiscard]] QString displayName(const QByteArray& name);
/// "https://host/d/…/name" without scheme and secrets, for a line that is read and not copied.
[[nodiscard]] QString linkLocation(const contract::Link& link);

} // namespace spillway::ui
