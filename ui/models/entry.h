// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <QtCore/QStringList>
#include <cstdint>
#include <optional>

/// What people type into a field, read kindly: blanks, upper and lower case, a decimal comma and missing "/s"
/// are no matter. None where it is not understood; the server checks what is.
namespace spillway::ui {

/// "8 MB/s", "8m", "512 KiB/s"; a bare number is MB/s. Bytes per second, more than 0.
[[nodiscard]] std::optional<std::int64_t> readRate(const QString& text);
/// "20/s", "90/m", "20": a second. More than 0.
[[nodiscard]] std::optional<double> readEventRate(const QString& text);
/// "36h", "7 days", "1h30m", "2 weeks"; a bare number is days. Seconds, more than 0.
[[nodiscard]] std::optional<std::int64_t> readSpan(const QString& text);
/// "5", "5×", "1,204". More than 0.
[[nodiscard]] std::optional<std::int64_t> readCount(const QString& text);
/// Parts between commas, blanks and line breaks.
[[nodiscard]] QStringList readList(const QString& text);

/// As the server reads it back exactly.
[[nodiscard]] QString rateForServer(std::int64_t bytesPerSecond); ///< "8MB/s"
[[nodiscard]] QString eventRateForServer(double perSecond);       ///< "20/s"

} // namespace spillway::ui
