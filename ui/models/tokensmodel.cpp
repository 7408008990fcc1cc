// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/tokensmodel.h"

#include "ui/models/format.h"

#include <limits>

namespace spillway::ui {

using contract::Token;
using contract::TokenState;

namespace {

QString stateName(TokenState state)
{
    switch (state) {
    case TokenState::Active:
        return TokensModel::tr("Active");
    case TokenState::Expired:
        return TokensModel::tr("Expired");
    case TokenState::Revoked:
        return TokensModel::tr("Revoked");
    case TokenState::Other:
        break;
    }
    return TokensModel::tr("Unknown");
}

Tone toneOf(TokenState state)
{
    switch (state) {
    case TokenState::Active:
        return Tone::Good;
    case TokenState::Expired:
        return Tone::Warning;
    case TokenState::Revoked:
        return Tone::Bad;
    case TokenState::Other:
        break;
    }
    return Tone::Neutral;
}

QString text(const Token& token, int column)
{
    switch (column) {
    case TokensModel::Name:
        return token.name;
    case TokensModel::State:
        return stateName(token.state);
    case TokensModel::Scopes: {
        QStringList names;
        for (const QString& scope : token.scopes)
            names += scopeText(scope);
        return names.join(QStringLiteral(", "));
    }
    case TokensModel::Shares:
        return token.shares ? token.shares->join(QStringLiteral(", ")) : TokensModel::tr("All");
    case TokensModel::LastUsed:
        return token.lastUsedAt ? formatClock(*token.lastUsedAt) : TokensModel::tr("Never");
    case TokensModel::Expires:
        return token.expiresAt ? formatClock(*token.expiresAt) : TokensModel::tr("Never");
    case TokensModel::Created:
        return formatClock(token.createdAt);
    default:
        return {};
    }
}

} // namespace

QString scopeText(const QString& scope)
{
    if (scope == QLatin1String("download"))
        return TokensModel::tr("Download");
    if (scope == QLatin1String("list"))
        return TokensModel::tr("List");
    if (scope == QLatin1String("share"))
        return TokensModel::tr("Make links");
    if (scope == QLatin1String("view"))
        return TokensModel::tr("Watch the server");
    return scope == QLatin1String("admin") ? TokensModel::tr("Administer") : scope;
}

void TokensModel::setTokens(std::vector<Token> tokens)
{
    std::reverse(tokens.begin(), tokens.end());
    sync(std::move(tokens), [](const Token& token) { return token.id; });
}

QHash<QString, QString> TokensModel::names() const
{
    QHash<QString, QString> names;
    for (const Token& token : rows_)
        names.insert(token.id, token.name);
    return names;
}

int TokensModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TokensModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Token& token = row(index.row());
    switch (role) {
    case IdRole:
        return token.id;
    case SearchRole:
        return QStringList{token.name, token.id, text(token, Scopes), text(token, Shares), text(token, State)}
            .join(QLatin1Char('\n'));
    case ToneRole:
        return index.column() == State ? QVariant(static_cast<int>(toneOf(token.state))) : QVariant();
    case IconRole:
        return index.column() == Name ? QVariant(QStringLiteral("key")) : QVariant();
    case SortRole:
        switch (index.column()) {
        case LastUsed:
            return static_cast<qint64>(token.lastUsedAt.value_or(0));
        case Expires:
            return static_cast<qint64>(token.expiresAt.value_or(std::numeric_limits<std::int64_t>::max()));
        case Created:
            return static_cast<qint64>(token.createdAt);
        default:
            return text(token, index.column());
        }
    case Qt::ToolTipRole:
        return index.column() == Scopes || index.column() == Shares ? QVariant(text(token, index.column()))
                                                                    : QVariant();
    case Qt::DisplayRole:
        return text(token, index.column());
    default:
        return {};
    }
}

QVariant TokensModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case State:
        return tr("State");
    case Scopes:
        return tr("May");
    case Shares:
        return tr("Shares");
    case LastUsed:
        return tr("Last used");
    case Expires:
        return tr("Expires");
    case Created:
        return tr("Created");
    default:
        return {};
    }
}

} // namespace spillway::ui
