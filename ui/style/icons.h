// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGui/QColor>
#include <QtGui/QIcon>

namespace spillway::ui {

/// One of resources/icons in a colour of the palette, sharp at every size and scale. Drawings have a 16 px
/// grid and strokes of `currentColor`. An unknown name is a null icon.
[[nodiscard]] QIcon icon(const char* name, const QColor& color);
[[nodiscard]] QPixmap iconPixmap(const char* name, const QColor& color, int size, double scale);
/// The product's own, in its own colours.
[[nodiscard]] QIcon productIcon();

} // namespace spillway::ui
