// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/commandpalette.h"

#include "ui/models/format.h"
#include "ui/style/icons.h"
#include "ui/widgets/parts.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QStyledItemDelegate>

namespace spillway::ui {

using namespace std::chrono_literals;

namespace {

constexpr int kKind = Qt::UserRole + 1, kIcon = Qt::UserRole + 2;
constexpr int kFiles = 20;

/// An icon, the title, and at the right in grey what kind of thing it is.
class EntryDelegate final : public QStyledItemDelegate
{
public:
    EntryDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), theme_(theme) {}

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {0, theme_.metrics().row + 4};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Palette& p = theme_.palette();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRect area = option.rect.adjusted(4, 1, -4, -1);
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(option.state & QStyle::State_Selected ? p.selected : p.hover);
            painter->drawRoundedRect(area, theme_.metrics().radius, theme_.metrics().radius);
        }
        const QByteArray name = index.data(kIcon).toByteArray();
        painter->drawPixmap(area.left() + 8, area.center().y() - 7,
                            iconPixmap(name.constData(), p.textSecondary, 16, 2));
        const QString kind = index.data(kKind).toString();
        painter->setFont(theme_.font(theme_.metrics().secondary));
        painter->setPen(p.textSecondary);
        const int kindWidth = painter->fontMetrics().horizontalAdvance(kind);
        painter->drawText(area.adjusted(0, 0, -10, 0), Qt::AlignRight | Qt::AlignVCenter, kind);
        const QRect words = area.adjusted(36, 0, -kindWidth - 26, 0);
        painter->setFont(theme_.font(theme_.metrics().text));
        painter->setPen(p.text);
        painter->drawText(
            words, Qt::AlignVCenter | Qt::TextSingleLine,
            painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, words.width()));
        painter->restore();
    }

private:
    Theme& theme_;
};

} // namespace

int paletteScore(const PaletteEntry& entry, const QString& text)
{
    int score = 1;
    for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const qsizetype at = entry.title.indexOf(word, 0, Qt::CaseInsensitive);
        if (at == 0)
            score += 8;
        else if (at > 0 && !entry.title[at - 1].isLetterOrNumber())
            score += 5;
        else if (at > 0)
            score += 3;
        else if (entry.also.contains(word, Qt::CaseInsensitive) ||
                 entry.kind.contains(word, Qt::CaseInsensitive))
            score += 1;
        else
            return 0;
    }
    return score;
}

CommandPalette::CommandPalette(Session& session, Theme& theme, std::vector<PaletteEntry> entries,
                               QWidget* window)
    : QFrame(window), session_(session), theme_(theme), entries_(std::move(entries))
{
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Go to anything"));
    setProperty("role", QLatin1String("palette"));
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(9, 9, 9, 9);
    column->setSpacing(8);
    field_ = new QLineEdit;
    field_->setPlaceholderText(tr("Go to a page, share, link, client, setting or file"));
    field_->setAccessibleName(field_->placeholderText());
    field_->addAction(icon("search", theme.palette().textSecondary), QLineEdit::LeadingPosition);
    field_->installEventFilter(this);
    column->addWidget(field_);
    list_ = new QListWidget;
    list_->setItemDelegate(new EntryDelegate(theme, list_));
    list_->setMouseTracking(true);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setAccessibleName(tr("What was found"));
    column->addWidget(list_);
    addSessionEntries();
    typing_.setSingleShot(true);
    typing_.callOnTimeout(this, [this] { searchFiles(); });
    connect(field_, &QLineEdit::textChanged, this, [this] { search(); });
    connect(list_, &QListWidget::itemClicked, this, [this] { runCurrent(); });
    const int width = std::min(640, window->width() - 48);
    setGeometry((window->width() - width) / 2, 64, width, std::min(440, window->height() - 96));
    search();
    show();
    raise();
    field_->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::addSessionEntries()
{
    for (const contract::Link& link : session_.links().rows()) {
        if (link.state != contract::LinkState::Active)
            continue;
        entries_.push_back({"link", linkLocation(link), tr("Copy this link"),
                            link.note + QLatin1Char(' ') + link.id,
                            [&session = session_, id = link.id] { session.copyLink(id); }});
    }
}

void CommandPalette::search()
{
    fill({});
    if (field_->text().trimmed().size() >= 2)
        typing_.start(120ms);
    else
        typing_.stop();
}

void CommandPalette::searchFiles()
{
    const QString text = field_->text().trimmed();
    session_.client().run<contract::Search>(
        this, {text, {}, kFiles}, [this, text](const Result<contract::FoundPage>& page) {
            if (!page || text != field_->text().trimmed())
                return; // without an index there are simply no files
            std::vector<PaletteEntry> files;
            for (const contract::FoundEntry& found : page->entries) {
                const QByteArray target = found.share.toUtf8() + '/' + found.path;
                files.push_back({found.isFolder ? "folder" : "file",
                                 displayName(target),
                                 tr("Copy a new link"),
                                 {},
                                 [&session = session_, target] { session.copyNewLink(target); }});
            }
            fill(files);
        });
}

void CommandPalette::fill(const std::vector<PaletteEntry>& files)
{
    const QString text = field_->text().trimmed();
    std::vector<std::pair<int, const PaletteEntry*>> found;
    for (const PaletteEntry& entry : entries_)
        if (const int score = paletteScore(entry, text); score > 0)
            found.emplace_back(score, &entry);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& left, const auto& right) { return left.first > right.first; });
    std::vector<PaletteEntry> shown;
    for (const auto& [score, entry] : found)
        if (static_cast<int>(shown.size()) < kMost)
            shown.push_back(*entry);
    shown.insert(shown.end(), files.begin(), files.end());
    shown_ = std::move(shown);
    const int current = files.empty() ? 0 : std::max(0, list_->currentRow());
    list_->clear();
    for (const PaletteEntry& entry : shown_) {
        auto* item = new QListWidgetItem(entry.title, list_);
        item->setData(kKind, entry.kind);
        item->setData(kIcon, QByteArray(entry.icon));
        item->setData(Qt::AccessibleDescriptionRole, entry.kind);
    }
    list_->setCurrentRow(std::min(current, list_->count() - 1));
}

void CommandPalette::runCurrent()
{
    const int row = list_->currentRow();
    if (row < 0)
        return;
    const auto run = shown_[static_cast<std::size_t>(row)].run;
    leave();
    run();
}

void CommandPalette::step(int rows)
{
    if (list_->count() > 0)
        list_->setCurrentRow(std::clamp(list_->currentRow() + rows, 0, list_->count() - 1));
}

void CommandPalette::leave()
{
    field_->removeEventFilter(this);
    hide();
    deleteLater();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        switch (key->key()) {
        case Qt::Key_Down:
            step(1);
            return true;
        case Qt::Key_Up:
            step(-1);
            return true;
        case Qt::Key_PageDown:
            step(8);
            return true;
        case Qt::Key_PageUp:
            step(-8);
            return true;
        case Qt::Key_Escape:
            leave();
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            runCurrent();
            return true;
        default:
            break;
        }
    }
    // Its menu, or an input method, has the focus for a moment only.
    if (event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason)
        leave();
    return QFrame::eventFilter(watched, event);
}

} // namespace spillway::ui
