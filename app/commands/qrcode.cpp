// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/qrcode.h"

#include <cerrno>
#include <memory>
#include <qrencode.h>

namespace spillway::app {

Result<std::string> terminalQrCode(std::string_view text)
{
    constexpr int quiet = 4;
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
        QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_L), &QRcode_free);
    if (!code)
        return fail(ErrorCode::InvalidArgument, "the URL is too long for a QR code", errno);
    const auto dark = [&code](int row, int column) {
        const bool inside = row >= 0 && row < code->width && column >= 0 && column < code->width;
        return inside && (code->data[row * code->width + column] & 1) != 0;
    };
    std::string picture;
    for (int row = -quiet; row < code->width + quiet; row += 2) {
        picture += "\033[30;107m"; // black on bright white
        for (int column = -quiet; column < code->width + quiet; ++column) {
            const bool upper = dark(row, column), lower = dark(row + 1, column);
            picture += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
        }
        picture += "\033[0m\n";
    }
    return picture;
}

} // namespace spillway::app
