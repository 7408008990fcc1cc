// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/parts.h"

#include "ui/style/icons.h"
#include "ui/widgets/celldelegate.h"

#include <QtCore/QCoreApplication>
#include <QtGui/QAction>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QDialog>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QStyle>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTreeView>

namespace spillway::ui {

QLabel* label(const QString& text, const char* role)
{
    auto* made = new QLabel(text);
    made->setTextFormat(Qt::PlainText); // file names are no markup
    if (role)
        made->setProperty("role", QLatin1String(role));
    return made;
}

QColor inkColor(const Palette& palette, Ink ink)
{
    switch (ink) {
    case Ink::Text:
        return palette.text;
    case Ink::Secondary:
        return palette.textSecondary;
    case Ink::Accent:
        return palette.accent;
    case Ink::OnAccent:
        return palette.onAccent;
    case Ink::Bad:
        return palette.bad;
    }
    return palette.text;
}

void setThemedIcon(QAbstractButton& button, const char* iconName, Ink ink, Theme& theme)
{
    const auto paint = [&button, iconName, ink, &theme] {
        button.setIcon(icon(iconName, inkColor(theme.palette(), ink)));
    };
    button.setIconSize(QSize(16, 16));
    QObject::connect(&theme, &Theme::changed, &button, paint);
    paint();
}

QPushButton* button(const QString& text, const char* iconName, Theme& theme)
{
    auto* made = new QPushButton(text);
    made->setCursor(Qt::PointingHandCursor);
    if (iconName)
        setThemedIcon(*made, iconName, Ink::Text, theme);
    return made;
}

QPushButton* primaryButton(const QString& text, const char* iconName, Theme& theme)
{
    auto* made = button(text, nullptr, theme);
    made->setProperty("primary", true);
    if (iconName)
        setThemedIcon(*made, iconName, Ink::OnAccent, theme);
    return made;
}

QPushButton* flatButton(const QString& text, const char* iconName, Theme& theme)
{
    auto* made = button(text, nullptr, theme);
    made->setProperty("flat", true);
    if (iconName)
        setThemedIcon(*made, iconName, Ink::Secondary, theme);
    return made;
}

QToolButton* iconButton(const char* iconName, const QString& name, Theme& theme)
{
    auto* made = new QToolButton;
    made->setToolTip(name);
    made->setAccessibleName(name);
    made->setCursor(Qt::PointingHandCursor);
    setThemedIcon(*made, iconName, Ink::Secondary, theme);
    return made;
}

namespace {

/// As wide as its words want; less where a page has less.
class FilterField final : public QLineEdit
{
public:
    explicit FilterField(int text) : text_(text)
    {
        setMinimumWidth(text * 8);
        setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    }
    [[nodiscard]] QSize sizeHint() const override { return {text_ * 17, QLineEdit::sizeHint().height()}; }

private:
    const int text_;
};

} // namespace

QLineEdit* filterField(const QString& placeholder, Theme& theme)
{
    auto* made = new FilterField(theme.metrics().text);
    made->setPlaceholderText(placeholder);
    made->setAccessibleName(placeholder);
    made->setClearButtonEnabled(true);
    made->setMaximumWidth(theme.metrics().text * 17);
    QAction* glass =
        made->addAction(icon("search", theme.palette().textSecondary), QLineEdit::LeadingPosition);
    QObject::connect(&theme, &Theme::changed, glass,
                     [glass, &theme] { glass->setIcon(icon("search", theme.palette().textSecondary)); });
    return made;
}

void markField(QWidget& field, const QString& reason)
{
    if (field.property("invalid").toBool() == !reason.isEmpty() && field.toolTip() == reason)
        return;
    field.setProperty("invalid", !reason.isEmpty());
    field.setToolTip(reason);
    field.setAccessibleDescription(reason);
    field.style()->unpolish(&field);
    field.style()->polish(&field);
}

QLabel* problemLabel()
{
    QLabel* made = label({}, "bad");
    made->setWordWrap(true);
    made->hide();
    return made;
}

QFormLayout* dialogForm()
{
    auto* form = new QFormLayout;
    form->setVerticalSpacing(12);
    form->setHorizontalSpacing(16);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

void addButtons(QBoxLayout& column, QDialog& dialog, QPushButton& main, Theme& theme, QLabel* words)
{
    auto* row = new QHBoxLayout;
    if (words)
        row->addWidget(words, 1);
    else
        row->addStretch();
    QPushButton* cancel = button(QCoreApplication::translate("Dialog", "Cancel"), nullptr, theme);
    cancel->setAutoDefault(false);
    main.setDefault(true);
    row->addWidget(cancel);
    row->addWidget(&main);
    column.addLayout(row);
    QObject::connect(cancel, &QPushButton::clicked, &dialog, &QDialog::reject);
}

QScrollArea* scrolling(QWidget* inner)
{
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(inner);
    return area;
}

QVBoxLayout* setUpSide(QScrollArea& side, int spacing)
{
    side.setProperty("role", QLatin1String("side"));
    side.setFrameShape(QFrame::NoFrame);
    side.setWidgetResizable(true);
    side.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(spacing);
    side.setWidget(body);
    return column;
}

int columnFor(const QFont& font, const QString& sample)
{
    return QFontMetrics(font).horizontalAdvance(sample) + 2 * CellDelegate::kPadding + 2;
}

QWidget* besideTable(QWidget* table, QWidget* side, const Theme& theme)
{
    side->setFixedWidth(theme.metrics().side);
    auto* body = new QWidget;
    auto* row = new QHBoxLayout(body);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto* left = new QVBoxLayout;
    left->setContentsMargins(16, 0, 16, 16);
    left->addWidget(table);
    row->addLayout(left, 1);
    row->addWidget(side);
    return body;
}

namespace {

QFrame* lineOf(const char* role)
{
    auto* made = new QFrame;
    made->setProperty("role", QLatin1String(role));
    return made;
}

} // namespace

QFrame* line()
{
    return lineOf("line");
}

QFrame* verticalLine()
{
    return lineOf("vline");
}

void setUpTable(QTableView& table, Theme& theme)
{
    table.setShowGrid(false);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::ExtendedSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setWordWrap(false);
    table.setTabKeyNavigation(false);
    table.setMouseTracking(true);
    table.setContextMenuPolicy(Qt::CustomContextMenu);
    table.setCornerButtonEnabled(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setDefaultSectionSize(theme.metrics().row);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setStretchLastSection(false);
    table.horizontalHeader()->setMinimumSectionSize(48);
    auto* delegate = new CellDelegate(theme, &table);
    table.setItemDelegate(delegate);
    delegate->hoverRows(table);
}

void setUpTree(QTreeView& tree, Theme& theme)
{
    tree.setHeaderHidden(true);
    tree.setUniformRowHeights(true);
    tree.setIndentation(16);
    tree.setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    tree.setContextMenuPolicy(Qt::CustomContextMenu);
    tree.setMouseTracking(true);
    tree.setItemDelegate(new CellDelegate(theme, &tree));
}

EmptyState::EmptyState(const char* iconName, const QString& title, const QString& text, QPushButton* action,
                       Theme& theme)
{
    auto* column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addStretch(2);
    auto* picture = new QLabel;
    picture->setAlignment(Qt::AlignCenter);
    const auto paint = [picture, iconName, &theme, this] {
        picture->setPixmap(iconPixmap(iconName, theme.palette().accent, 48, devicePixelRatioF()));
    };
    connect(&theme, &Theme::changed, picture, paint);
    paint();
    column->addWidget(picture);
    column->addSpacing(8);
    QLabel* heading = label(title, "title");
    heading->setAlignment(Qt::AlignCenter);
    column->addWidget(heading);
    QLabel* words = label(text, "secondary");
    words->setAlignment(Qt::AlignCenter);
    words->setWordWrap(true);
    column->addWidget(words);
    if (action) {
        column->addSpacing(8);
        column->addWidget(action, 0, Qt::AlignCenter);
    }
    column->addStretch(3);
}

} // namespace spillway::ui
