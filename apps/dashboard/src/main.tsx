import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/parts.css';
import { App } from './app.js';
import { applyTheme, storedTheme } from './shell/theme.js';

applyTheme(storedTheme());
const root = document.querySelector('#app');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Router base="/dashboard">
        <App />
      </Router>
    </StrictMode>,
  );
}
