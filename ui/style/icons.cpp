// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/icons.h"

#include <QtCore/QFile>
#include <QtGui/QPainter>
#include <QtSvg/QSvgRenderer>

/// A static library's resources are found only where somebody names them.
static void takeResources()
{
    Q_INIT_RESOURCE(icons);
}

namespace spillway::ui {

namespace {

QByteArray drawing(const char* name, const QColor& color)
{
    [[maybe_unused]] static const bool taken = [] {
        takeResources();
        return true;
    }();
    QFile file(QStringLiteral(":/icons/%1.svg").arg(QLatin1String(name)));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray svg = file.readAll();
    return color.isValid() ? svg.replace("currentColor", color.name().toLatin1()) : svg;
}

QPixmap render(const QByteArray& svg, int pixels)
{
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QSvgRenderer(svg).render(&painter);
    return pixmap;
}

QIcon iconOf(const QByteArray& svg, std::initializer_list<int> sizes)
{
    QIcon icon;
    if (svg.isEmpty())
        return icon;
    for (const int size : sizes)
        icon.addPixmap(render(svg, size));
    return icon;
}

} // namespace

QIcon icon(const char* name, const QColor& color)
{
    return iconOf(drawing(name, color), {16, 20, 24, 32, 40, 48});
}

QPixmap iconPixmap(const char* name, const QColor& color, int size, double scale)
{
    const QByteArray svg = drawing(name, color);
    if (svg.isEmpty())
        return {};
    QPixmap pixmap = render(svg, qRound(size * scale));
    pixmap.setDevicePixelRatio(scale);
    return pixmap;
}

QIcon productIcon()
{
    return iconOf(drawing("spillway", QColor()), {16, 22, 24, 32, 48, 64, 128, 256});
}

} // namespace spillway::ui
