module.exports = globalThis.__betterSqlite3;
